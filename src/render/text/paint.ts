/** Colours of the terminal by meaning. Plain text unless the caller asks: only the command line knows the terminal. */
import pc from 'picocolors';

type Painter = (text: string) => string;

export interface Paint {
  readonly good: Painter;
  readonly bad: Painter;
  readonly unsure: Painter;
  readonly changed: Painter;
  readonly back: Painter;
  readonly strong: Painter;
  readonly quiet: Painter;
}

const plain: Painter = (text) => text;

export function paintOf(color: boolean): Paint {
  if (!color)
    return {
      good: plain,
      bad: plain,
      unsure: plain,
      changed: plain,
      back: plain,
      strong: plain,
      quiet: plain,
    };
  const c = pc.createColors(true);
  return {
    good: (text) => c.bold(c.green(text)),
    bad: (text) => c.bold(c.red(text)),
    unsure: (text) => c.bold(c.yellow(text)),
    changed: c.cyan,
    back: c.blue,
    strong: c.bold,
    quiet: c.dim,
  };
}
