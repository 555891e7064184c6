import { crmNamespace } from 'dynamics365-connector/odata';

/** Annotations that only the server writes. The others are in the engine, which reads them. */
export const lookupNavigationAnnotation = `${crmNamespace}associatednavigationproperty`;
export const totalCountAnnotation = `${crmNamespace}totalrecordcount`;
export const totalCountLimitAnnotation = `${crmNamespace}totalrecordcountlimitexceeded`;
export const metadataVersionAnnotation = `${crmNamespace}globalmetadataversion`;
