/** Which column a station stands in: one further than the furthest that leads to it (longest path layering), so that
 *  every line runs from left to right. */
import type { Scene, Station } from '../scene.ts';

/** Sets the columns; returns how many there are. The links have no cycle. */
export function assignColumns(scene: Scene): number {
  const done = new Set<Station>();
  const place = (station: Station): number => {
    if (done.has(station)) return station.column;
    done.add(station);
    const before = scene.links.filter(([, to]) => to === station).map(([from]) => place(from));
    station.column = before.reduce((furthest, column) => Math.max(furthest, column + 1), 0);
    return station.column;
  };
  return scene.stations.reduce((count, station) => Math.max(count, place(station) + 1), 0);
}
