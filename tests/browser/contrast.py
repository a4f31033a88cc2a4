"""Texts of a page that are hard to read, by the colours that the browser has computed.

WCAG AA: 4.5, and 3 for large or bold text. What cannot be pressed now may be fainter. A text on a
picture or a gradient is left out, for its ground is no single colour.
"""

from __future__ import annotations

from playwright.async_api import Page

_SCAN = """() => {
  const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgbaOf = (color) => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) =>
    [r, g, b].map((value, at) => value * a + under[at] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const above = (element) => {
    const found = [];
    for (let each = element; each; each = each.parentElement) found.push(each);
    return found;
  };
  const groundOf = (element) => {
    const layers = [];
    for (const each of above(element)) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== 'none') return null;
      layers.push(rgbaOf(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const isDark = getComputedStyle(document.documentElement).colorScheme.startsWith('dark');
    const blank = isDark ? [18, 18, 18] : [255, 255, 255];
    return layers.reverse().reduce((under, layer) => over(layer, under), blank);
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    const { width, height } = element.getBoundingClientRect();
    const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!text || !isSeen || width < 2 || height < 2) continue;
    if (element.closest(':disabled, [aria-disabled=true], script, style')) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    if (ground === null) continue;
    const ink = rgbaOf(style.color);
    for (const each of above(element)) ink[3] *= Number(getComputedStyle(each).opacity);
    const size_px = parseFloat(style.fontSize);
    const isLarge = size_px >= 24 || (size_px >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(over(ink, ground), ground);
    if (ratio < (isLarge ? 3 : 4.5)) faint.add(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return [...faint];
}"""


async def faint_texts(page: Page) -> list[str]:
    """Each with its contrast, of the page and of what is shown in frames of it."""
    return [text for frame in page.frames for text in await frame.evaluate(_SCAN)]


async def expect_readable(page: Page) -> None:
    """Every text, in light and in dark."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await faint_texts(page) == [], f"{scheme}, {page.url}"
