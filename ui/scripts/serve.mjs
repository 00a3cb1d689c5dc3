// Serves dist/ as the binary will: a base path filled in, a strict policy (CSP), the API of a real server behind it.
// LETHE=http://127.0.0.1:8080 PORT=8090 BASE=/ node scripts/serve.mjs
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

const dist = new URL("../dist/", import.meta.url).pathname;
const server = new URL(process.env.LETHE ?? "http://127.0.0.1:8080");
const base = process.env.BASE ?? "/";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

async function file(path) {
  return { type: types[extname(path)] ?? "application/octet-stream", body: await readFile(join(dist, normalize(path))) };
}

async function page() {
  const text = await readFile(join(dist, "index.html"), "utf8");
  return { type: types[".html"], body: text.replace('<base href="/">', `<base href="${base}">`) };
}

createServer((asked, answer) => {
  if (!asked.url.startsWith(base)) return answer.writeHead(404).end();
  const path = `/${asked.url.slice(base.length)}`;
  if (/^\/(api|readyz|livez|metrics)/.test(path)) {
    const through = request({ host: server.hostname, port: server.port, path, method: asked.method, headers: asked.headers }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    });
    through.on("error", () => { answer.writeHead(502).end(); });
    asked.pipe(through);
    return undefined;
  }
  // Names of datasets hold dots and slashes: what is no asset is a page, whatever it ends in.
  const found = /^\/(assets\/|theme\.js|icon\.svg)/.test(path) ? file(path.split("?")[0]) : page();
  return found.then(
    ({ type, body }) => answer.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body),
    () => answer.writeHead(404).end(),
  );
}).listen(Number(process.env.PORT ?? 8090), "127.0.0.1");
