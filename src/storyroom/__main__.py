"""`python -m storyroom` is `storyroom`."""

from storyroom.cli.main import main

if __name__ == "__main__":
    main()
