// The walls between the rooms of src/, as ESLint rules. A room imports only from the rooms that the table
// allows it; pages never import each other; a page's routes.ts, which loads the page, is the router's alone.
import path from "node:path";

/** What each room may import from. Itself is always allowed. */
export const ROOMS = {
  base: [],
  tlog: [],
  text: ["base"],
  api: ["base"],
  design: ["base", "text"],
  routing: ["base"],
  commands: ["base"],
  parts: ["base", "text", "api", "design", "routing", "commands"],
  pages: ["base", "tlog", "text", "api", "design", "routing", "commands", "parts"],
  shell: ["base", "text", "api", "design", "routing", "commands", "parts"],
  app: ["base", "tlog", "text", "api", "design", "routing", "commands", "parts", "pages", "shell"],
};

/** Returns the room of a path, and for pages which page; null outside of src/. */
function roomOf(file) {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf("src");
  if (at < 0 || at > parts.length - 3) return null;
  const room = parts[at + 1];
  return { room, page: room === "pages" ? parts[at + 2] : null };
}

function target(specifier, file) {
  if (specifier.startsWith("#/")) return path.join("src", ...specifier.slice(2).split("/"), "x");
  if (specifier.startsWith(".")) return path.join(path.dirname(file), specifier);
  return null;
}

const wallsRule = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const here = roomOf(context.filename);
    const check = (node) => {
      const specifier = node.source?.value;
      if (here === null || typeof specifier !== "string") return;
      const file = target(specifier, context.filename);
      const there = file && roomOf(file);
      if (!there) return;
      if (there.room === here.room) {
        if (there.room === "pages" && path.basename(file) === "routes") context.report({ node, message: "Only the router imports a page's routes; what its address holds is in its view.ts." });
        else if (there.page !== here.page) context.report({ node, message: `The page ${here.page} imports from the page ${there.page}; what pages share is in parts.` });
      } else if (!(ROOMS[here.room] ?? []).includes(there.room)) {
        context.report({ node, message: `The room ${here.room} must not import from ${there.room}.` });
      }
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};

const openingRule = {
  meta: { type: "suggestion", schema: [] },
  create(context) {
    return {
      Program(node) {
        const [first] = context.sourceCode.getAllComments();
        if (!first || first.loc.start.line > 1) context.report({ node, message: "Every file opens with a comment that says what it is for." });
      },
    };
  },
};

export const walls = { rules: { walls: wallsRule, "opening-comment": openingRule } };
