/** Blocks below each other. */
import { type Block, block } from '../map/block.ts';

export function stackOf(id: string, width: number, parts: readonly Block[], gap: number): Block {
  let y = 0;
  const children = parts.map((part) => {
    const placed = { ...part, y };
    y += part.height + gap;
    return placed;
  });
  return block({ id, width, height: Math.max(0, y - gap), children });
}
