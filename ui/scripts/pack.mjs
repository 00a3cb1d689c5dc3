// Packs what was built with brotli, beside the files themselves: the server hands it out as it is.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const worthwhile = new Set([".js", ".css", ".svg", ".json"]);
const pack = promisify(brotliCompress);

for (const file of await readdir(join(dist, "assets"))) {
  if (!worthwhile.has(extname(file))) continue;
  const whole = await readFile(join(dist, "assets", file));
  const packed = await pack(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
  if (packed.length < whole.length) await writeFile(join(dist, "assets", `${file}.br`), packed);
}
