// Writes src/api/types.gen.ts from ../openapi/openapi.json: types only, nothing that runs.
// An operation's key is its method and path ("GET /api/v1/me"), so that a call site names what it asks.
// With --check, writes nothing and fails if the file is not what would be written.
import { readFileSync, writeFileSync } from "node:fs";

const SOURCE = new URL("../../openapi/openapi.json", import.meta.url);
const TARGET = new URL("../src/api/types.gen.ts", import.meta.url);
const METHODS = ["get", "put", "post", "delete", "patch"];

const document = JSON.parse(readFileSync(SOURCE, "utf8"));

const isName = (text) => /^[A-Za-z_$][\w$]*$/.test(text);
const key = (text) => (isName(text) ? text : JSON.stringify(text));
const typeName = (text) => text.split(/[^A-Za-z0-9_]/).map((part) => part[0].toUpperCase() + part.slice(1)).join("");
const refName = (ref) => typeName(ref.split("/").at(-1));
const deref = (thing) =>
  thing?.$ref ? thing.$ref.split("/").slice(1).reduce((at, part) => at[part], document) : thing;

function comment(text, indent) {
  if (!text) return "";
  const lines = text.replaceAll("*/", "* /").trim().split("\n");
  const inner = lines.length === 1 ? ` ${lines[0]} ` : `\n${lines.map((line) => `${indent} * ${line}`).join("\n")}\n${indent} `;
  return `${indent}/**${inner}*/\n`;
}

function object(schema, indent) {
  const deeper = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const mark = required.has(name) ? "" : "?";
    return `${comment(field.description, deeper)}${deeper}${key(name)}${mark}: ${type(field, deeper)};\n`;
  });
  if (fields.length > 0) return `{\n${fields.join("")}${indent}}`;
  const more = schema.additionalProperties;
  return `Record<string, ${more && more !== true ? type(more, indent) : "unknown"}>`;
}

function type(schema, indent = "") {
  if (!schema || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return refName(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return union.map((one) => type(one, indent)).join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => type(one, indent)).join(" & ");
  if (Array.isArray(schema.type)) {
    return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(" | ");
  }
  switch (schema.type) {
    case "string": return "string";
    case "integer":
    case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": {
      const item = type(schema.items, indent);
      return /[|&]/.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
    }
    default: return schema.type === "object" || schema.properties ? object(schema, indent) : "unknown";
  }
}

function parameters(list, place) {
  const chosen = list.filter((one) => one.in === place);
  if (chosen.length === 0) return "undefined";
  const fields = chosen.map((one) => {
    const mark = one.required ? "" : "?";
    return `${comment(one.description, "      ")}      ${key(one.name)}${mark}: ${type(one.schema, "      ")};\n`;
  });
  return `{\n${fields.join("")}    }`;
}

function content(holder) {
  const held = deref(holder)?.content;
  if (!held) return "undefined";
  const media = Object.entries(held).find(([name]) => name.includes("json")) ?? Object.entries(held)[0];
  return media[0].includes("json") ? type(media[1].schema, "    ") : "string";
}

function operation(method, path, told, shared) {
  const list = [...shared, ...(told.parameters ?? [])].map(deref);
  const answers = Object.entries(told.responses).filter(([status]) => status.startsWith("2"));
  const kinds = new Set(answers.map(([, answer]) => content(answer)));
  return [
    comment(told.summary, "  "),
    `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: {\n`,
    `    path: ${parameters(list, "path")};\n`,
    `    query: ${parameters(list, "query")};\n`,
    `    body: ${content(told.requestBody)};\n`,
    `    answer: ${[...kinds].join(" | ") || "undefined"};\n  };\n`,
  ].join("");
}

function all() {
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description, "")}export type ${typeName(name)} = ${type(schema)};\n`,
  );
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(method, path, item[method], item.parameters ?? [])),
  );
  const head = "// The API's types, written from openapi/openapi.json by `npm run types`. Not edited by hand.\n";
  return `${head}\n${schemas.join("\n")}\n/** Every operation by method and path. */\nexport interface Operations {\n${operations.join("\n")}}\n`;
}

const text = all();
if (process.argv.includes("--check")) {
  let found = "";
  try { found = readFileSync(TARGET, "utf8"); } catch { /* it is not there: drift */ }
  if (found !== text) {
    console.error("src/api/types.gen.ts is not what openapi/openapi.json says; run: npm run types");
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, text);
}
