// Keeps the page readable while a list of suggestions is open. React Aria would hide all of it from screen readers until the list
// closes, though the focus is in the field and one tabs on into the page; what it takes for its top layer it leaves alone.
import { useLayoutEffect, useState } from "react";

const TOP = "data-react-aria-top-layer";

/** Returns what is told whether the list is open. */
export function usePageRead(): (isOpen: boolean) => void {
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const layers = [...document.body.children].filter((one) => !one.hasAttribute(TOP));
    layers.forEach((one) => { one.setAttribute(TOP, ""); });
    return () => { layers.forEach((one) => { one.removeAttribute(TOP); }); };
  }, [isOpen]);
  return setOpen;
}
