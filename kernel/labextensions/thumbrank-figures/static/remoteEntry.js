// What JupyterLab loads: the extension as a module container. It needs no build, for it borrows the renderer, and with it
// plotly.js, from the extension of the Python package plotly.
{
  const here = new URL(".", document.currentScript.src);

  const get = async () => {
    const plotly = await window._JUPYTERLAB["jupyterlab-plotly"]?.get("./mimeExtension");
    if (plotly === undefined) throw new Error("thumbrank-figures needs the Python package plotly beside JupyterLab");
    const { figureRenderer } = await import(new URL("renderer.js", here));
    const { RenderedPlotly, rendererFactory } = plotly();
    const Renderer = figureRenderer(RenderedPlotly);
    // Both would register for the same MIME type, and which of them wins depends on the order of loading.
    rendererFactory.createRenderer = (options) => new Renderer(options);
    wrapBetweenWords();
    return () => [];
  };

  /** JupyterLab breaks printed lines at any letter, which splits numbers where a page is narrow. */
  function wrapBetweenWords() {
    const style = document.createElement("style");
    style.textContent = "body .jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }";
    document.head.append(style);
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["thumbrank-figures"] = { init: () => {}, get };
}
