FROM node:24-bookworm-slim
WORKDIR /wanglou
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npx vite build dashboards --logLevel=error
# As src/supervisor.ts starts programs: a young generation that events fit into.
ENV NODE_OPTIONS=--max-semi-space-size=64
USER node
ENTRYPOINT ["node", "src/main.ts"]
