FROM node:24-bookworm-slim
WORKDIR /wanglou
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npx vite build dashboards --logLevel=error
USER node
ENTRYPOINT ["node", "src/main.ts"]
