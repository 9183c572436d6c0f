import sharp from "sharp";

// libvips reads dozens of formats, among them SVG, which can compute for minutes and read other files. Only those that a
// thumbnail can have are left, in the whole process; making pictures of pixels and writing any format still works.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"] });
// Results of earlier operations are never asked for again.
sharp.cache(false);

/** The library that reads and writes pictures; it is imported nowhere else in lib. */
export { sharp };
