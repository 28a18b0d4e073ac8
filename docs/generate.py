"""Writes the pages of docs/ that are made from the code."""

from pathlib import Path

from bot import commands
from bot.present import formats, reference

if __name__ == "__main__":
    pages = {"policy.md": reference.render(), "evidence.md": formats.render(), "commands.md": commands.page()}
    for name, page in pages.items():
        (Path(__file__).parent / name).write_text(page, encoding="utf-8")
