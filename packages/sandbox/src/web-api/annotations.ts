import { crmNamespace } from 'dynamics365-connector/odata';

/** The annotations that a caller can request with `Prefer: odata.include-annotations`. */
export { formattedValueAnnotation, lookupTableAnnotation } from 'dynamics365-connector/odata';
export const lookupNavigationAnnotation = `${crmNamespace}associatednavigationproperty`;
export const pagingCookieAnnotation = `${crmNamespace}fetchxmlpagingcookie`;
export const moreRecordsAnnotation = `${crmNamespace}morerecords`;
export const totalCountAnnotation = `${crmNamespace}totalrecordcount`;
export const totalCountLimitAnnotation = `${crmNamespace}totalrecordcountlimitexceeded`;
export const metadataVersionAnnotation = `${crmNamespace}globalmetadataversion`;
