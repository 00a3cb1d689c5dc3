// Exports: what the server draws and lists, as files. An image is the server's drawing, painted here.
import { request } from "#/api";

/** Gives a file to whoever asked for it. */
export function download(name: string, body: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(body);
  link.download = name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 10_000);
}

type Query = { focus: string } & Record<string, string | number | boolean>;

async function exported(query: Query, format: "svg" | "csv" | "json", theme: string): Promise<string> {
  const told: unknown = await request("GET /api/v1/lineage/export", { query: { ...query, format, theme } }, { timeout: 120_000 });
  return typeof told === "string" ? told : JSON.stringify(told);
}

const TYPES = { svg: "image/svg+xml", csv: "text/csv", json: "application/json" };
const SIDE_MAX = 16_000;

/** Exports from the server. */
export async function exportFile(name: string, query: Query, format: "svg" | "csv" | "json", theme = "light"): Promise<void> {
  download(`${name}.${format}`, new Blob([await exported(query, format, theme)], { type: TYPES[format] }));
}

/** Exports an image, as many times as large; smaller where a browser could not hold it. */
export async function exportImage(name: string, query: Query, scale: number): Promise<void> {
  const drawing = await exported(query, "svg", "light");
  const image = new Image();
  // As data, since the policy (CSP) lets images come from here or from data only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  await image.decode();
  const fitting = Math.min(scale, SIDE_MAX / image.width, SIDE_MAX / image.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(image.width * fitting);
  canvas.height = Math.ceil(image.height * fitting);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => { canvas.toBlob(done, "image/png"); });
  if (blob === null) throw new Error("no image");
  download(`${name}.png`, blob);
}
