import { authoringSubjects, nodeSubjects, odataSubjects } from './files.ts';
import type { Fixtures } from './fixtures.ts';
import { hostSubjects } from './host.ts';
import { packageSubjects } from './packages.ts';
import { programSubjects } from './programs.ts';
import type { Subjects } from './subject.ts';

/** Every exported function of every entry point, and the methods of what they return. */
export function allSubjects(fixtures: Fixtures): readonly Subjects[] {
  return [
    ...programSubjects(fixtures),
    ...hostSubjects(fixtures),
    ...nodeSubjects(fixtures),
    ...odataSubjects(),
    ...authoringSubjects(fixtures),
    ...packageSubjects(fixtures),
  ];
}
