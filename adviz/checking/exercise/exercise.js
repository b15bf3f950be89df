// A sheet in a page: what is typed into it is handed in as JSON.

const handIn = document.querySelector(".hand-in");
const said = handIn.querySelector("output");

/** The answers by the names of the blanks, as adviz reads them. */
function answers() {
  const fields = [...document.querySelectorAll("input[data-name]")];
  const typed = fields.map((field) => [field.dataset.name, field.value.trim()]);
  return JSON.stringify({ answers: Object.fromEntries(typed) }, null, 2) + "\n";
}

/** Hand the answers in as a file. */
function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answers()], { type: "application/json" }));
  link.download = "answers.json";
  link.click();
  URL.revokeObjectURL(link.href);
  said.textContent = "answers.json is downloaded.";
}

/** Put the answers into the clipboard. */
async function copy() {
  try {
    await navigator.clipboard.writeText(answers());
    said.textContent = "The answers are copied.";
  } catch {
    said.textContent = "They cannot be copied here; download them.";
  }
}

handIn.hidden = !document.querySelector("input[data-name]");
handIn.querySelector("[data-do=download]").addEventListener("click", download);
handIn.querySelector("[data-do=copy]").addEventListener("click", copy);
