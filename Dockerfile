FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The image has its Node; the package `node` would fetch a second one by its install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY seeds/default.yaml ./seeds/
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production \
    SIGNET_HOST=0.0.0.0
WORKDIR /app
# What the program depends on is in dist.
COPY --from=build /build/dist ./dist
COPY package.json LICENSE NOTICE ./
COPY seeds/default.yaml seeds/oci_api_key.pem seeds/seed.schema.json ./seeds/
COPY console ./console
# For SIGNET_DATABASE_URL=sqlite:/data/signet.sqlite on a volume.
RUN install -d -o node -g node -m 0700 /data
# The user `node`; by number, so that a cluster can see that it is not root.
USER 1000:1000
EXPOSE 5670
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["node", "dist/js/main.js", "health"]
ENTRYPOINT ["node", "dist/js/main.js"]
