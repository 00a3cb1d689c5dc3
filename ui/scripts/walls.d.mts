// What walls.mjs gives to the test that looks after it.
import type { ESLint } from "eslint";
export const ROOMS: Record<string, string[]>;
export const walls: ESLint.Plugin;
