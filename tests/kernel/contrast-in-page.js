// What of the outputs of a notebook is hard to see: see contrast.ts.
globalThis.contrastIn = (least) => {
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => {
    const mix = (above, below) => a * above + (1 - a) * below;
    return [mix(r, R), mix(g, G), mix(b, B), 1];
  };
  const luminance = ([r, g, b]) => {
    const linear = (value) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (one, two) => {
    const [light = 0, dark = 0] = [luminance(one), luminance(two)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    if (element === null) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const opacity = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacity(element.parentElement);
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width + height > 0 && getComputedStyle(element).visibility === "visible";
  };
  const seen = { texts: 0, drawings: 0, tooFaint: [] };
  const judge = (element, paint, wanted, kind) => {
    const [r, g, b, a] = parse(paint);
    const background = behind(element);
    const found = contrast(over([r, g, b, a * opacity(element)], background), background);
    if (found < wanted)
      seen.tooFaint.push(
        `${kind} ${found.toFixed(2)}: ${element.tagName} ${element.textContent?.slice(0, 40)} ${paint}`,
      );
  };
  for (const element of document.querySelectorAll(".jp-OutputArea-output *")) {
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== "");
    if (hasText && isSeen(element) && element.tagName !== "STYLE") {
      seen.texts++;
      judge(element, element instanceof SVGElement ? style.fill : style.color, least.text, "text");
    }
    if (element.matches(".js-line") && isSeen(element)) {
      seen.drawings++;
      judge(element, style.stroke, least.drawing, "line");
    }
    if (element.matches(".bars .point path, .points path.point") && isSeen(element)) {
      seen.drawings++;
      // What lets others shine through is seen by its edge.
      judge(element, Number(style.fillOpacity) < 1 ? style.stroke : style.fill, least.drawing, "shape");
    }
  }
  return seen;
};
