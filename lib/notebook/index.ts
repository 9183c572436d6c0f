/**
 * Notebook: the plots, tables, galleries, maps and progress that notebooks show, and the settings they start from. It
 * draws the values it is given, as text outside a notebook, and escapes all of them. It must not know how the values
 * were computed, except for `prepare`, which does the work of earlier notebooks.
 *
 * In a cell, as its last expression or by `display(...)`:
 *
 *     histogram(margins, { x: "margin", title: "…" })            // or { train: […], test: […] }; logX, bins
 *     scatter(videos.map((v) => ({ x, y, color, label })), { x: "age (hours)", y: "views", logY: true })
 *     lines({ "pair loss": { x, y }, AUC: { x, y, low, high } }, { x: "epoch", marks: [{ y: 0.5, label: "chance" }] })
 *     bars([{ label, value, low, high, group }], { horizontal: true, x: "pairwise AUC" })
 *     subplots([left, right], { columns: 2 }); figure(traces, layout)      // any plot of Plotly, in our style
 *     table(rows, { columns, limit: 10, decimals: 2, caption: "…" }); frame(rows).groupby(["niche"]).col(["views"]).mean()
 *     await gallery([{ picture, title, caption, badge, tone: "good" }], { columns: 4 })
 *     await pairGallery([{ winner, loser, caption }]); await thumbnailMap([{ x, y, picture, label, group }])
 *     projectTo2D(vectors)                                      // positions for a map
 *
 * For long jobs: `await watch(job)`, `await watchTraining(run, pipeline)`, `liveFigure(plot)` with
 * `.update(plot)` and `.close()`, `interruptSignal()` for jobs that take a signal. At the end: `promise("what", kept)`.
 */
export { type Bar, type BarOptions, bars } from "./bars";
export { chooseSource, type SourceChoice } from "./choose-source";
export { display } from "./display";
export { Interrupted, PromiseBroken } from "./errors";
export { type Figure, figure } from "./figure";
export { frame } from "./frame";
export { type Gallery, type GalleryOptions, gallery, pairGallery, type ThumbnailPair } from "./gallery";
export { type HistogramOptions, histogram } from "./histogram";
export { interruptSignal, reload } from "./host";
export { type Line, lines } from "./lines";
export { type LiveFigure, liveFigure } from "./live";
export { DISPLAY, type Displayable, html, type MimeBundle } from "./mime";
export { type PageQuestion, pictureServicePage } from "./page-picture";
export { NotebookMissing, prepare } from "./prepare";
export { type NotebookSettings, type Profile, type SettingOverrides, settingsOf } from "./profile";
export { type Place2D, projectTo2D } from "./project";
export { promise } from "./promise";
export { type Point, type ScatterOptions, scatter } from "./scatter";
export { prepareSource, type Source, SourceUnclear } from "./source";
export type { Stage } from "./stages";
export { withStore } from "./store";
export { byTenthOfTime, type LabelStudy, studyLabels } from "./study-labels";
export { type SubplotOptions, subplots } from "./subplots";
export { type Table, type TableOptions, table } from "./table";
export { COLOURS, TONES } from "./template";
export { type MapOptions, type MapPoint, thumbnailMap } from "./thumbnail-map";
export type { Item } from "./tile";
export type { Layout, Mark, PlotOptions, Trace } from "./trace";
export { type EpochCurve, trainingFigure } from "./training-figure";
export { videoItem, videoPairs } from "./video-item";
export { watch } from "./watch";
export { type TrainingWatch, watchTraining } from "./watch-training";
