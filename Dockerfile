# Gateway, budgets service and command line in one image: `parsimony` is on the PATH. The gateway runs unless told otherwise;
# the service is `node apps/budgets/dist/main.js`.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app

# What decides about dependencies and nothing else, so that the layers below stay in the cache when only code changed.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete

FROM base AS production-dependencies
COPY --from=manifests /app ./
# No install scripts: none of these needs one, and none shall run what it likes. The embedded PostgreSQL stays out of use.
RUN npm ci --omit=dev --ignore-scripts --workspace apps/gateway --workspace apps/budgets --workspace apps/cli --workspace plugins

FROM base AS build
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts
COPY . .
RUN node node_modules/typescript/bin/tsc -b apps/gateway apps/budgets apps/cli plugins/* \
  && find apps libs plugins -type d \( -name node_modules -o -name src -o -name test \) -prune -exec rm -rf {} + \
  && find apps libs plugins -name '*.tsbuildinfo' -delete

FROM base AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 PARSIMONY_BUDGETS_HOST=0.0.0.0 PARSIMONY_BUDGETS_PORT=4001 PARSIMONY_HOME=/data
COPY --from=production-dependencies /app ./
COPY --from=build /app/libs ./libs
COPY --from=build /app/plugins ./plugins
COPY --from=build /app/apps/gateway ./apps/gateway
COPY --from=build /app/apps/budgets ./apps/budgets
COPY --from=build /app/apps/cli ./apps/cli
COPY deploy/healthcheck.mjs LICENSE ./
RUN printf '#!/bin/sh\nexec node /app/apps/cli/dist/main.js "$@"\n' > /usr/local/bin/parsimony \
  && chmod 755 /usr/local/bin/parsimony \
  && mkdir /data && chown node:node /data
# The journal: it must outlive the container.
VOLUME /data
# By number: Kubernetes cannot tell of a name that it is not root.
USER 1000:1000
EXPOSE 4000 4001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/healthcheck.mjs"]
# Megabytes for young objects: a call's garbage then dies young.
CMD ["node", "--max-semi-space-size=32", "apps/gateway/dist/main.js"]
