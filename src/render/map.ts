export async function renderMap(_w: unknown): Promise<string> {
  return '';
}
