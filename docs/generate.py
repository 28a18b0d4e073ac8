"""Writes the pages of docs/ that are made from the code."""

from pathlib import Path

from bot.present import reference

if __name__ == "__main__":
    (Path(__file__).parent / "policy.md").write_text(reference.render(), encoding="utf-8")
