"""Take the README's pictures: called by script/pictures with the portal's address and two folders."""

import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

address, scratch, docs = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
printed = (scratch / "server.log").read_text(encoding="utf-8")
password = printed.split("รหัสผ่านของทุกคน:")[1].split()[0]
browsers = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def shrink(source: Path, target: Path) -> None:
    """Write a picture with few colours, so that the repository stays small."""
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(colors=128, dither=Image.Dither.NONE).save(target, optimize=True)


with sync_playwright() as playwright:
    executable = next(filter(None, map(shutil.which, browsers)), None)
    browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page(viewport={"width": 1280, "height": 760}, locale="th-TH")
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", "staff")
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(f"{address}/changwat-tuayang/2566/scores/")
    page.locator("#row-i7, [id*=i7]").first.scroll_into_view_if_needed()
    page.screenshot(path=scratch / "sheet.png")
    browser.close()

shrink(scratch / "sheet.png", docs / "score-sheet.png")
shrink(next(scratch.glob("page-*.png")), docs / "plan-page.png")
