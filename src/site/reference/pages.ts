// Which reference pages there are, as paths below reference/.
export const referencePages = ['', 's370/'] as const;
export type ReferencePage = (typeof referencePages)[number];
