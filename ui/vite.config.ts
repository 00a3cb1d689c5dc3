// How the UI is built, tested and served while it is worked on.
// LETHE names the server that `npm run dev` stands before; default http://127.0.0.1:8080.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["LETHE"] ?? "http://127.0.0.1:8080";
const proxied = Object.fromEntries(
  ["/api", "/readyz", "/livez", "/metrics"].map((path) => [path, { target: server }]),
);

export default defineConfig({
  // Relative, so that the server's <base href> decides where the UI lives.
  base: "./",
  plugins: [react()],
  resolve: { alias: { "#": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // The proxy keeps the page's own Host, so that the server's checks of origin hold here too.
  server: { proxy: proxied },
  preview: { proxy: proxied },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/app/test_setup.ts"], css: { include: [/.+/], modules: { classNameStrategy: "non-scoped" } } },
});
