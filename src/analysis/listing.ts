/** What a listing is: rows of plain text. */
import type { World } from '../world/world.ts';

export interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A column too wide to stand beside the others: a text for each row. */
  readonly below?: { readonly column: string; readonly cells: readonly string[] } | undefined;
}

export interface ListingKind {
  /** Names by which people ask for it; the first is the usual one. */
  readonly names: readonly string[];
  list(world: World): Listing;
}

export const none = '<none>';
