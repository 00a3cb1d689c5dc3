// Lint: strict types, accessibility, and the walls between the rooms of src/ (ui/README.md explains them).
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { walls } from "./scripts/walls.mjs";

const LETTERS = "/\\p{L}{2}/u";
const SHOWN = "/^(aria-label|label|title|placeholder|alt|description)$/";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/types.gen.ts", "shots"] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked, jsxA11y.flatConfigs.strict, reactHooks.configs.flat.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { house: walls },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "house/walls": "error",
      "house/opening-comment": "error",
      "max-lines": ["error", { max: 300 }],
      "no-restricted-globals": ["error", "EventSource", "XMLHttpRequest"],
      "no-restricted-syntax": [
        "error",
        { selector: `JSXText[value=${LETTERS}]`, message: "Text comes from the room's messages.ts." },
        { selector: `JSXAttribute[name.name=${SHOWN}] > Literal[value=${LETTERS}]`, message: "Text comes from the room's messages.ts." },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Markup is never made of texts." },
      ],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-ignore": true, "ts-expect-error": true, "ts-nocheck": true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-invalid-void-type": ["error", { allowAsThisParameter: true }],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      // A link of the router and a control of React Aria are what they say they are.
      "jsx-a11y/no-autofocus": "off",
    },
  },
  { files: ["src/text/messages.ts", "src/api/queries.ts"], rules: { "@typescript-eslint/explicit-module-boundary-types": "off" } },
  { files: ["src/**/messages.ts"], rules: { "max-lines": "off" } },
);
