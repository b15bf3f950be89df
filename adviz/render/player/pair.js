// Two players of one page that go step by step together.

const players = [...document.querySelectorAll(".adviz")].map((host) => mount(host, filmOf(host)));
let isFollowing = false;

/** Go where another player is; both reach their last step together. */
function follow(player, leader) {
  const { step, last } = leader;
  const target = step === last ? player.last : Math.min(step, player.last);
  if (target === player.step + 1) player.forward();
  else if (target !== player.step) player.go(target);
}

for (const leader of players) {
  const others = players.filter((player) => player !== leader);
  leader.host.addEventListener("adviz-step", () => {
    if (isFollowing) return;
    isFollowing = true;
    for (const player of others) follow(player, leader);
    isFollowing = false;
  });
  leader.look.themeButton.addEventListener("click", () => {
    for (const player of others) {
      player.host.dataset.theme = leader.host.dataset.theme;
      player.look.showTheme();
    }
  });
}

document.body.addEventListener(
  "keydown",
  (event) => event.target === document.body && players[0].press(event),
);
