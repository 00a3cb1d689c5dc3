// What lies beside the page fails by itself: where its code cannot be loaded, the page stays, with all that is typed in it.
import { Component, type ReactNode, Suspense } from "react";

/** Holds what is loaded when it is first needed. Until then, and where that fails, there is nothing. */
export class Aside extends Component<{ children: ReactNode }, { isFailed: boolean }> {
  override state = { isFailed: false };

  static getDerivedStateFromError(): { isFailed: boolean } {
    return { isFailed: true };
  }

  override render(): ReactNode {
    return this.state.isFailed ? null : <Suspense>{this.props.children}</Suspense>;
  }
}
