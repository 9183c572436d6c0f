#!/bin/sh
# Removes packages and files that the service never loads: those of notebooks, imports, collecting and queues, other
# systems' binaries, and source maps. To be run in the project's folder after the page was built, in an image only.
set -eu
npm uninstall --no-save --omit=dev --loglevel=error \
  @googleapis/youtube csv-parse danfojs-node google-auth-library hyparquet hyparquet-compressors ml-pca pg-boss \
  plotly.js-basic-dist-min plotly.js-cartesian-dist-min tslab
# The page has its own copy, and transformers.js uses onnxruntime-node here.
rm -rf node_modules/onnxruntime-web
here=$(node -p 'process.platform + "/" + process.arch')
for binary in node_modules/onnxruntime-node/bin/napi-v6/*/*; do
  [ "${binary#*napi-v6/}" = "$here" ] || rm -rf "$binary"
done
find node_modules -name '*.map' -delete
du -sh node_modules
