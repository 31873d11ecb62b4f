FROM node:24-bookworm-slim
WORKDIR /wanglou
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npx vite build dashboards --logLevel=error && npm prune --omit=dev --no-fund --no-audit
USER node
# As src/supervisor.ts starts programs.
ENTRYPOINT ["node", "--max-semi-space-size=64", "--external-memory-accounted-in-global-limit", "--heap-growing-percent=50", "src/main.ts"]
