"""`python -m adviz` is the command line."""

from adviz.cli import main

if __name__ == "__main__":
    main()
