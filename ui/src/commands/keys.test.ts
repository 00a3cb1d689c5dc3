// Keys: sequences, presses together, and what never fires.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderHook } from "@testing-library/react";
import { type Command, singleKeys, useCommands } from "./commands";
import { listen, match, pressOf } from "./keys";

const press = (key: string, more: KeyboardEventInit = {}, target: Element = document.body): void => {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
};

describe("keys", () => {
  const ran = vi.fn();
  const commands: Command[] = ["g c", "g l", "t", "?", "Mod+k"].map((keys) => ({ id: keys, group: "", label: keys, keys, run: () => { ran(keys); } }));
  let stop = (): void => undefined;
  beforeEach(() => {
    ran.mockClear();
    singleKeys.set("on");
    stop = listen();
    renderHook(() => { useCommands(commands); });
  });
  afterEach(() => { stop(); });

  it("come one after the other", () => {
    press("g");
    expect(ran).not.toHaveBeenCalled();
    press("l");
    expect(ran).toHaveBeenCalledExactlyOnceWith("g l");
  });

  it("begin anew where a sequence leads nowhere", () => {
    press("g");
    press("t");
    expect(ran).toHaveBeenCalledExactlyOnceWith("t");
  });

  it("do nothing while somebody types, but together they do", () => {
    const input = document.body.appendChild(document.createElement("input"));
    press("t", {}, input);
    expect(ran).not.toHaveBeenCalled();
    press("k", { ctrlKey: true }, input);
    expect(ran).toHaveBeenCalledExactlyOnceWith("Mod+k");
    input.remove();
  });

  it("can be switched off, but those that come together", () => {
    singleKeys.set("off");
    press("t");
    press("k", { ctrlKey: true });
    expect(ran.mock.calls).toEqual([["Mod+k"]]);
  });

  it("leave the browser's own alone", () => {
    expect(pressOf({ key: "t", altKey: true, ctrlKey: false, metaKey: false, shiftKey: false }, false)).toBeNull();
    expect(pressOf({ key: "?", altKey: false, ctrlKey: false, metaKey: false, shiftKey: true }, false)).toBe("?");
    expect(match(["x"], commands)).toBeNull();
  });
});
