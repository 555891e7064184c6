import type { DropdownState } from './piece-types.ts';

/** The options of a choice between yes and no. A checkbox has no third state, in which the input is left out. */
export const yesOrNo: DropdownState = {
  options: [
    { label: 'Yes', value: true },
    { label: 'No', value: false },
  ],
};
