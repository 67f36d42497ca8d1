/** Blocks: what the layout makes and the pen draws without thinking. A block knows its size when it is made; where it
 *  stands is relative to the block around it, so whole districts move without a second pass. */

export interface Block {
  /** "subnet/day-a"; unique among the blocks that lines lead to. */
  readonly id: string;
  /** Classes of its rectangle; empty for none. */
  readonly look: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly marks: readonly Mark[];
  readonly children: readonly Block[];
  /** Drawn after the children. */
  readonly lines: readonly Line[];
  /** What a browser shows when the pointer rests on it. */
  readonly tip: string;
  /** The keyboard stops there and the tip is read out. */
  readonly focusable: boolean;
}

export type Mark =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly look: string;
      readonly anchor: 'start' | 'middle' | 'end';
    }
  | {
      readonly kind: 'glyph';
      readonly of: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
    }
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly look: string;
    }
  /** A path as SVG writes it, in the block's own coordinates. */
  | { readonly kind: 'path'; readonly d: string; readonly look: string }
  /** A short piece of a route line, for the legend. */
  | { readonly kind: 'stroke'; readonly x: number; readonly y: number; readonly look: string };

/** A route: starts with a dot, ends with an arrow head. */
export interface Line {
  /** Whether it leads to its target itself; false where it joins another line on the way there. */
  readonly ends: boolean;
  readonly points: readonly (readonly [number, number])[];
  readonly look: string;
  readonly tip: string;
}

type Sketch = Pick<Block, 'id' | 'width' | 'height'> & Partial<Block>;

export function block(sketch: Sketch): Block {
  return {
    look: '',
    x: 0,
    y: 0,
    radius: 4,
    marks: [],
    children: [],
    lines: [],
    tip: '',
    focusable: false,
    ...sketch,
  };
}

export function moved(of: Block, x: number, y: number): Block {
  return { ...of, x, y };
}

export function writing(
  text: string,
  x: number,
  y: number,
  look: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): Mark {
  return { kind: 'text', text, x, y, look, anchor };
}

/** A block and all in it, with places on the sheet. */
export function* absolute(root: Block, x = 0, y = 0): Generator<Block> {
  const here = { ...root, x: x + root.x, y: y + root.y };
  yield here;
  for (const child of root.children) yield* absolute(child, here.x, here.y);
}
