/** What a way between VPCs crosses: worth knowing for its cost, and for what fails with a zone. */
import { note } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { nameOf, neighbour } from './records.ts';

/** Remarks that two interfaces of one account stand in different Availability Zones. -1: nobody knows the interface. */
export function remarkZones(walk: Walk, sender: number, receiver: number): void {
  if (!walk.recording || walk.reply || sender < 0 || receiver < 0) return;
  const { az } = neighbour(walk, sender);
  const other = neighbour(walk, receiver).az;
  if (az !== undefined && other !== undefined && az !== other) walk.remark(zonesCrossed, sender, receiver);
}

const zonesCrossed = note({
  name: 'zones crossed',
  nature: 'remark',
  word: ({ a, b, device }) =>
    `crosses availability zones: ${device(a).az} (${nameOf(device(a))}) to ${device(b).az} (${nameOf(device(b))})`,
});
