# The inference service, and nothing that only training or notebooks need (docs/INTEGRATION.md).
# Pin the base image by its digest where builds must be repeatable: --build-arg NODE=node:22-bookworm-slim@sha256:...
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY stubs/ stubs/
RUN npm ci --omit=dev
COPY tsconfig.json ./
COPY bin/ bin/
COPY scripts/ scripts/
COPY supabase/migrations/ supabase/migrations/
COPY lib/ lib/
RUN node -e "import('/app/scripts/page/build.mjs').then(({ buildPage }) => buildPage('/app', '/app/dist/page'))"
# 1.1 GB of packages become 280 MB.
COPY deploy/slim.sh deploy/
RUN sh deploy/slim.sh

FROM ${NODE}
# With glibc's allocator the memory of a process that decodes pictures on several threads keeps growing.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libjemalloc2 \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /app/ /app/
# /data has models/ (and data/store, if competitors' thumbnails are to be shown). /cache/thumbrank can be the cache folder
# of a machine that is set up: MiniLM, and TensorFlow's library (815 MB), without which MiniLM embeds a title in 120 ms
# instead of 9 ms. The other encoders and the model itself do not use TensorFlow.
RUN mkdir -p /data /cache && chown 1000:1000 /data /cache
ENV NODE_ENV=production LD_PRELOAD=libjemalloc.so.2 THUMBRANK_HOME=/data XDG_CACHE_HOME=/cache
WORKDIR /data
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/thumbrank.mjs"]
# An address that others can reach needs THUMBRANK_TOKENS.
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
