import { fitted } from "./fitted.js";
import { inTheme } from "./theme.js";

const HEIGHT_PX = 360;
/** A figure that has not changed for so long is at rest, and its picture is kept for readers without Plotly. */
const REST_MS = 1000;

/**
 * The renderer of jupyterlab-plotly, but it draws every state that it is given (that one ignores all but the first), keeps
 * a figure's height when its width changes, and draws it in the colours of JupyterLab's theme.
 */
export function figureRenderer(RenderedPlotly) {
  return class FigureRenderer extends RenderedPlotly {
    #model = null;
    #drawing = null;
    #isStale = false;
    #drawnWidth = 0;
    #atRest = 0;
    #sizes = new ResizeObserver(() => {
      if (this.node.clientWidth !== this.#drawnWidth) this.#draw();
    });
    #themes = new MutationObserver(() => this.#draw());

    constructor(options) {
      super(options);
      this.#sizes.observe(this.node);
      this.#themes.observe(document.body, { attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
    }

    renderModel(model) {
      this.#model = model;
      return this.#draw();
    }

    /** The picture that stands in for the figure asks for it under the pointer. */
    createGraph() {
      return this.#draw();
    }

    onUpdateRequest() {
      if (this.node.clientWidth !== this.#drawnWidth) this.#draw();
    }

    dispose() {
      if (this.isDisposed) return;
      this.#sizes.disconnect();
      this.#themes.disconnect();
      clearTimeout(this.#atRest);
      if (this.hasGraphElement()) RenderedPlotly.Plotly?.purge(this.node);
      super.dispose();
    }

    /** Draws the latest state; what arrives meanwhile is drawn in one go after it. */
    #draw() {
      this.#isStale = true;
      this.#drawing ??= this.#drawAll().finally(() => {
        this.#drawing = null;
      });
      return this.#drawing;
    }

    async #drawAll() {
      while (this.#isStale && !this.isDisposed && this.#model !== null && this.node.clientWidth > 0) {
        this.#isStale = false;
        await this.#drawOnce(this.#model.data[this._mimeType]);
        this.#keepPicture();
      }
    }

    async #drawOnce({ data = [], layout = {}, config = {}, frames, theme }) {
      const width = this.node.clientWidth;
      const themed = inTheme({ data, layout, theme }, this.node);
      const shown = fitted({ height: HEIGHT_PX, uirevision: "same", ...themed.layout }, themed.data, width);
      this.#drawnWidth = width;
      if (RenderedPlotly.Plotly === null) {
        const figure = { data: themed.data, layout: shown, config, frames };
        // The first drawing of a page loads plotly.js. It would keep a picture of the figure in the theme's colours.
        await super.createGraph({ data: { [this._mimeType]: figure, "image/png": "" }, setData: () => {} });
        return;
      }
      await RenderedPlotly.Plotly.react(this.node, themed.data, shown, config);
      this.showGraph();
      this.hideImage();
    }

    /** Keeps a picture in colours for any background, which a saved notebook shows where there is no Plotly. */
    #keepPicture() {
      clearTimeout(this.#atRest);
      const model = this.#model;
      if (model.data["image/png"] !== undefined) return;
      this.#atRest = setTimeout(async () => {
        const { data, layout } = model.data[this._mimeType];
        const height = layout?.height ?? HEIGHT_PX;
        const size = { format: "png", width: Math.max(this.#drawnWidth, 300), height };
        const picture = await RenderedPlotly.Plotly.toImage({ data, layout }, size);
        if (this.isDisposed || model !== this.#model) return;
        model.setData({ data: { ...model.data, "image/png": picture.split(",")[1] } });
      }, REST_MS);
    }
  };
}
