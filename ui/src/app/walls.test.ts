// The walls: the lint refuses what it must, and every room of src/ is in its table.
import { readdirSync } from "node:fs";
import { Linter } from "eslint";
import { expect, it } from "vitest";
import { ROOMS, walls } from "../../scripts/walls.mjs";

const refusals = (file: string, line: string): string[] => {
  const config = { files: ["**/*"], plugins: { house: walls }, rules: { "house/walls": "error", "house/opening-comment": "error" } } as const;
  return new Linter().verify(`// What it is for.\n${line}`, [config as unknown as Linter.Config], { filename: file }).map((one) => one.message);
};

it("refuses imports between pages, and upwards", () => {
  expect(refusals("src/pages/catalog/A.js", 'import "#/pages/home/B";')).toHaveLength(1);
  expect(refusals("src/pages/catalog/A.js", 'import "../home/B";')).toHaveLength(1);
  expect(refusals("src/design/A.js", 'import "#/api";')).toHaveLength(1);
  expect(refusals("src/parts/A.js", 'const a = () => import("#/shell/Shell");')).toHaveLength(1);
});

it("lets through what the table allows", () => {
  expect(refusals("src/pages/catalog/A.js", 'import "#/api"; import "./B"; import "#/design/Button"; import "react";')).toEqual([]);
  expect(refusals("src/app/router.js", 'import "#/pages/home/routes"; import "#/shell/Shell";')).toEqual([]);
});

it("knows every room", () => {
  const rooms = readdirSync("src", { withFileTypes: true }).filter((one) => one.isDirectory()).map((one) => one.name);
  expect(rooms.sort()).toEqual(Object.keys(ROOMS).sort());
});
