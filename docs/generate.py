"""Writes the pages of docs/ that are made from the code."""

from pathlib import Path

from bot.present import formats, reference

if __name__ == "__main__":
    for name, page in (("policy.md", reference.render()), ("evidence.md", formats.render())):
        (Path(__file__).parent / name).write_text(page, encoding="utf-8")
