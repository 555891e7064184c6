// Written by `d365 types`; what is changed here is lost when it is written again.

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json;
}

/** Account: a row as actions and triggers answer it. */
export interface AccountRow {
  /** Id. */
  readonly id: string;
  /** Name. */
  readonly name?: string | null;
  /** Account number. */
  readonly number?: string | null;
  /** E-mail. */
  readonly email?: string | null;
  /** Main phone. */
  readonly phone?: string | null;
  /** Other phone. */
  readonly otherPhone?: string | null;
  /** Fax. */
  readonly fax?: string | null;
  /** Website. */
  readonly website?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Street. */
  readonly street?: string | null;
  /** City. */
  readonly city?: string | null;
  /** State or province. */
  readonly region?: string | null;
  /** Postal code. */
  readonly postalCode?: string | null;
  /** Country. */
  readonly country?: string | null;
  /** Annual revenue. */
  readonly revenue?: number | string | null;
  /** Number of employees. */
  readonly employees?: number | null;
  /** Credit limit. */
  readonly creditLimit?: number | string | null;
  /** Credit hold. */
  readonly creditHold?: boolean | null;
  /** Category. */
  readonly category?: 'preferred-customer' | 'standard' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Relationship type. */
  readonly relationship?: 'competitor' | 'consultant' | 'customer' | 'investor' | 'partner' | 'influencer' | 'press' | 'prospect' | 'reseller' | 'supplier' | 'vendor' | 'other' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Preferred contact method. */
  readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Do not e-mail. */
  readonly noEmail?: boolean | null;
  /** Do not phone. */
  readonly noPhone?: boolean | null;
  /** Primary contact. */
  readonly primaryContact?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Parent account. */
  readonly parent?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** State. */
  readonly state?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the account. */
  readonly status?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Case resolution: a row as actions and triggers answer it. */
export interface CaseResolutionRow {
  /** Id. */
  readonly id: string;
  /** Resolution. */
  readonly subject?: string | null;
  /** Remarks. */
  readonly description?: string | null;
  /** Case. */
  readonly case?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Billable time in minutes. */
  readonly minutesSpent?: number | null;
  /** Resolved on. */
  readonly resolvedOn?: string | null;
  /** State. Canceled when the case is opened again. */
  readonly state?: 'open' | 'completed' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Case: a row as actions and triggers answer it. */
export interface CaseRow {
  /** Id. */
  readonly id: string;
  /** Case number. The number people quote, such as CAS-01000-X1Y2Z3. */
  readonly number?: string | null;
  /** Title. */
  readonly title?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Customer. The account or contact that the case is about. */
  readonly customer?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Contact. Whom to talk to, where the customer is an account. */
  readonly contact?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Priority. */
  readonly priority?: 'high' | 'normal' | 'low' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Type. */
  readonly type?: 'question' | 'problem' | 'request' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Origin. How the case came in. */
  readonly origin?: 'phone' | 'email' | 'web' | 'facebook' | 'twitter' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** State. Changed by resolving, canceling or reopening the case. */
  readonly state?: 'active' | 'resolved' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the case. */
  readonly status?: 'in-progress' | 'on-hold' | 'waiting-for-details' | 'researching' | 'problem-solved' | 'canceled' | 'information-provided' | 'merged' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Customer satisfaction. */
  readonly satisfaction?: 'very-dissatisfied' | 'dissatisfied' | 'neutral' | 'satisfied' | 'very-satisfied' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** E-mail address. */
  readonly emailAddress?: string | null;
  /** Serial number. */
  readonly serialNumber?: string | null;
  /** Subject. */
  readonly subject?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Product. */
  readonly product?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Parent case. */
  readonly parentCase?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Escalated. */
  readonly escalated?: boolean | null;
  /** Escalated on. */
  readonly escalatedOn?: string | null;
  /** Follow up by. */
  readonly followUpBy?: string | null;
  /** First response by. */
  readonly respondBy?: string | null;
  /** Resolve by. */
  readonly resolveBy?: string | null;
  /** First response sent. */
  readonly firstResponseSent?: boolean | null;
  /** Owner. The user or team that works on the case. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Contact: a row as actions and triggers answer it. */
export interface ContactRow {
  /** Id. */
  readonly id: string;
  /** Full name. */
  readonly name?: string | null;
  /** First name. */
  readonly firstName?: string | null;
  /** Last name. */
  readonly lastName?: string | null;
  /** Job title. */
  readonly jobTitle?: string | null;
  /** E-mail. */
  readonly email?: string | null;
  /** Business phone. */
  readonly phone?: string | null;
  /** Mobile phone. */
  readonly mobile?: string | null;
  /** Birthday. */
  readonly birthday?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** City. */
  readonly city?: string | null;
  /** Gender. */
  readonly gender?: 'male' | 'female' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Marital status. */
  readonly familyStatus?: 'single' | 'married' | 'divorced' | 'widowed' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Preferred contact method. */
  readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Do not e-mail. */
  readonly noEmail?: boolean | null;
  /** Company. The account (or another contact) that the person belongs to. */
  readonly company?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** State. */
  readonly state?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. */
  readonly status?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** E-mail: a row as actions and triggers answer it. */
export interface EmailRow {
  /** Id. */
  readonly id: string;
  /** Subject. */
  readonly subject?: string | null;
  /** Body. HTML. */
  readonly body?: string | null;
  /** Outgoing. False for a message that came in. */
  readonly outgoing?: boolean | null;
  /** Sender's address. */
  readonly fromAddress?: string | null;
  /** Recipients' addresses. */
  readonly toAddresses?: string | null;
  /** Regarding. What it is about. */
  readonly regarding?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Priority. */
  readonly priority?: 'low' | 'normal' | 'high' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Read receipt requested. */
  readonly readReceipt?: boolean | null;
  /** In reply to. The message that this one answers. */
  readonly inReplyTo?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Internet message id. */
  readonly messageId?: string | null;
  /** Tracking token. */
  readonly trackingToken?: string | null;
  /** Number of attachments. */
  readonly attachments?: number | null;
  /** Sent on. */
  readonly sentOn?: string | null;
  /** State. */
  readonly state?: 'open' | 'completed' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. */
  readonly status?: 'draft' | 'completed' | 'sent' | 'received' | 'canceled' | 'pending-send' | 'sending' | 'failed' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Knowledge article: a row as actions and triggers answer it. */
export interface KnowledgeArticleRow {
  /** Id. */
  readonly id: string;
  /** Article number. */
  readonly number?: string | null;
  /** Title. */
  readonly title?: string | null;
  /** Content. HTML. */
  readonly content?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Keywords. */
  readonly keywords?: string | null;
  /** Internal. */
  readonly internal?: boolean | null;
  /** Latest version. */
  readonly latest?: boolean | null;
  /** Major version. */
  readonly majorVersion?: number | null;
  /** Minor version. */
  readonly minorVersion?: number | null;
  /** Published on. */
  readonly publishedOn?: string | null;
  /** Expires on. */
  readonly expiresOn?: string | null;
  /** Author. */
  readonly author?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** State. */
  readonly state?: 'draft' | 'approved' | 'scheduled' | 'published' | 'expired' | 'archived' | 'discarded' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Lead: a row as actions and triggers answer it. */
export interface LeadRow {
  /** Id. */
  readonly id: string;
  /** Topic. */
  readonly subject?: string | null;
  /** Full name. */
  readonly name?: string | null;
  /** First name. */
  readonly firstName?: string | null;
  /** Last name. */
  readonly lastName?: string | null;
  /** Company name. */
  readonly company?: string | null;
  /** Job title. */
  readonly jobTitle?: string | null;
  /** E-mail. */
  readonly email?: string | null;
  /** Business phone. */
  readonly phone?: string | null;
  /** Mobile phone. */
  readonly mobile?: string | null;
  /** Website. */
  readonly website?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Source. */
  readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Rating. */
  readonly rating?: 'hot' | 'warm' | 'cold' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Annual revenue. */
  readonly revenue?: number | string | null;
  /** Budget. */
  readonly budget?: number | string | null;
  /** Estimated value. */
  readonly estimatedValue?: number | string | null;
  /** Estimated close date. */
  readonly estimatedCloseDate?: string | null;
  /** Account. The account that the lead belongs to, where there is one already. */
  readonly account?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Contact. The contact that the lead belongs to, where there is one already. */
  readonly contact?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Originating case. */
  readonly originatingCase?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Opportunity. What the lead became when it was qualified. */
  readonly opportunity?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Do not e-mail. */
  readonly noEmail?: boolean | null;
  /** State. Changed by qualifying or disqualifying the lead. */
  readonly state?: 'open' | 'qualified' | 'disqualified' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the lead. */
  readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Note: a row as actions and triggers answer it. */
export interface NoteRow {
  /** Id. */
  readonly id: string;
  /** Subject. */
  readonly subject?: string | null;
  /** Text. */
  readonly text?: string | null;
  /** Regarding. The row that the note belongs to. */
  readonly regarding?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Has a file. */
  readonly isDocument?: boolean | null;
  /** File name. Of the attached file. */
  readonly fileName?: string | null;
  /** File type. Of the attached file. */
  readonly mimeType?: string | null;
  /** File size in bytes. */
  readonly fileSize?: number | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
}

/** Opportunity close: a row as actions and triggers answer it. */
export interface OpportunityCloseRow {
  /** Id. */
  readonly id: string;
  /** Subject. */
  readonly subject?: string | null;
  /** Remarks. */
  readonly description?: string | null;
  /** Opportunity. */
  readonly opportunity?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Actual revenue. */
  readonly actualValue?: number | string | null;
  /** Closed on. */
  readonly closedOn?: string | null;
  /** State. */
  readonly state?: 'open' | 'completed' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Opportunity: a row as actions and triggers answer it. */
export interface OpportunityRow {
  /** Id. */
  readonly id: string;
  /** Topic. */
  readonly name?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Customer. The account or contact that may buy. */
  readonly customer?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Account. */
  readonly account?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Contact. */
  readonly contact?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Originating lead. */
  readonly lead?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Sales stage. */
  readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Pipeline phase. */
  readonly step?: string | null;
  /** Rating. */
  readonly rating?: 'hot' | 'warm' | 'cold' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Probability in percent. */
  readonly probability?: number | null;
  /** Estimated revenue. Kept by Dataverse instead, where the revenue is calculated from products. */
  readonly estimatedValue?: number | string | null;
  /** Estimated close date. */
  readonly estimatedCloseDate?: string | null;
  /** Revenue is calculated. From the products of the opportunity. */
  readonly calculated?: boolean | null;
  /** Actual revenue. */
  readonly actualValue?: number | string | null;
  /** Actual close date. */
  readonly actualCloseDate?: string | null;
  /** Budget. */
  readonly budget?: number | string | null;
  /** Total amount. */
  readonly total?: number | string | null;
  /** Currency. */
  readonly currency?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** State. Changed by winning, losing or reopening the opportunity. */
  readonly state?: 'open' | 'won' | 'lost' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the opportunity. */
  readonly status?: 'in-progress' | 'on-hold' | 'won' | 'canceled' | 'out-sold' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Phone call: a row as actions and triggers answer it. */
export interface PhonecallRow {
  /** Id. */
  readonly id: string;
  /** Subject. */
  readonly subject?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Phone number. */
  readonly phone?: string | null;
  /** Outgoing. False for a call that came in. */
  readonly outgoing?: boolean | null;
  /** Left voice mail. */
  readonly voicemail?: boolean | null;
  /** Regarding. What it is about. */
  readonly regarding?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Priority. */
  readonly priority?: 'low' | 'normal' | 'high' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Due. */
  readonly dueOn?: string | null;
  /** Start. */
  readonly startOn?: string | null;
  /** Duration in minutes. */
  readonly minutesSpent?: number | null;
  /** Completed on. */
  readonly completedOn?: string | null;
  /** State. */
  readonly state?: 'open' | 'completed' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the call. */
  readonly status?: 'open' | 'made' | 'canceled' | 'received' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Queue item: a row as actions and triggers answer it. */
export interface QueueItemRow {
  /** Id. */
  readonly id: string;
  /** Title. */
  readonly title?: string | null;
  /** Queue. */
  readonly queue?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Item. What waits in the queue. */
  readonly item?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Worked on by. */
  readonly worker?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Entered the queue on. */
  readonly enteredOn?: string | null;
  /** Worker changed on. */
  readonly pickedOn?: string | null;
  /** State. */
  readonly state?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Queue: a row as actions and triggers answer it. */
export interface QueueRow {
  /** Id. */
  readonly id: string;
  /** Name. */
  readonly name?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Incoming e-mail. */
  readonly email?: string | null;
  /** Visibility. A private queue is seen by its members only. */
  readonly visibility?: 'public' | 'private' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Number of items. */
  readonly items?: number | null;
  /** Number of members. */
  readonly members?: number | null;
  /** State. */
  readonly state?: 'active' | 'inactive' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
}

/** SLA KPI: a row as actions and triggers answer it. */
export interface SlaKpiRow {
  /** Id. */
  readonly id: string;
  /** Name. */
  readonly name?: string | null;
  /** Regarding. The case that it is about. */
  readonly regarding?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Status. */
  readonly status?: 'in-progress' | 'noncompliant' | 'nearing-noncompliance' | 'paused' | 'succeeded' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Warning time. */
  readonly warnsOn?: string | null;
  /** Failure time. */
  readonly failsOn?: string | null;
  /** Succeeded on. */
  readonly succeededOn?: string | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Task: a row as actions and triggers answer it. */
export interface TaskRow {
  /** Id. */
  readonly id: string;
  /** Subject. */
  readonly subject?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** Regarding. What it is about. */
  readonly regarding?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Priority. */
  readonly priority?: 'low' | 'normal' | 'high' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Due. */
  readonly dueOn?: string | null;
  /** Start. */
  readonly startOn?: string | null;
  /** Percent complete. */
  readonly percentComplete?: number | null;
  /** Time spent in minutes. */
  readonly minutesSpent?: number | null;
  /** Completed on. */
  readonly completedOn?: string | null;
  /** State. */
  readonly state?: 'open' | 'completed' | 'canceled' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Status reason. Must belong to the state of the task. */
  readonly status?: 'not-started' | 'in-progress' | 'waiting' | 'completed' | 'canceled' | 'deferred' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Owner. */
  readonly owner?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created by. */
  readonly createdBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified by. */
  readonly modifiedBy?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
  /** Version. Grows with every change of the row. */
  readonly version?: string | null;
}

/** Team: a row as actions and triggers answer it. */
export interface TeamRow {
  /** Id. */
  readonly id: string;
  /** Name. */
  readonly name?: string | null;
  /** Description. */
  readonly description?: string | null;
  /** E-mail. */
  readonly email?: string | null;
  /** Type. */
  readonly type?: 'owner' | 'access' | 'entra-security-group' | 'entra-office-group' | {
    readonly value: number;
    readonly label?: string | null;
  } | null;
  /** Default team. */
  readonly isDefault?: boolean | null;
  /** Administrator. */
  readonly administrator?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Business unit. */
  readonly businessUnit?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Own queue. */
  readonly queue?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
}

/** User: a row as actions and triggers answer it. */
export interface UserRow {
  /** Id. */
  readonly id: string;
  /** Full name. */
  readonly name?: string | null;
  /** First name. */
  readonly firstName?: string | null;
  /** Last name. */
  readonly lastName?: string | null;
  /** E-mail. */
  readonly email?: string | null;
  /** Sign-in name. */
  readonly signInName?: string | null;
  /** Job title. */
  readonly jobTitle?: string | null;
  /** Mobile phone. */
  readonly mobile?: string | null;
  /** Entra object id. */
  readonly entraId?: string | null;
  /** Application id. */
  readonly applicationId?: string | null;
  /** Disabled. */
  readonly disabled?: boolean | null;
  /** Manager. */
  readonly manager?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Business unit. */
  readonly businessUnit?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Own queue. */
  readonly queue?: {
    readonly table: string | null;
    /** Id. */
    readonly id: string;
    readonly name?: string | null;
  } | null;
  /** Created on. */
  readonly createdOn?: string | null;
  /** Modified on. */
  readonly modifiedOn?: string | null;
}

/** Inputs and outputs of every action, params and rows of every trigger. */
export interface Operations {
  readonly actions: {
    /** Add note to account. */
    readonly 'account.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Assign account. */
    readonly 'account.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: AccountRow;
    };
    /** Link account. */
    readonly 'account.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count accounts. */
    readonly 'account.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Account number. */
        readonly number?: string;
        /** E-mail. */
        readonly email?: string;
        /** Parent account id. */
        readonly parentId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create account. */
    readonly 'account.create': {
      readonly input: {
        /** Name. */
        readonly name: string;
        /** Account number. */
        readonly number?: string;
        /** E-mail. */
        readonly email?: string;
        /** Main phone. */
        readonly phone?: string;
        /** Other phone. */
        readonly otherPhone?: string;
        /** Fax. */
        readonly fax?: string;
        /** Website. */
        readonly website?: string;
        /** Description. */
        readonly description?: string;
        /** Street. */
        readonly street?: string;
        /** City. */
        readonly city?: string;
        /** State or province. */
        readonly region?: string;
        /** Postal code. */
        readonly postalCode?: string;
        /** Country. */
        readonly country?: string;
        /** Annual revenue. */
        readonly revenue?: number | string;
        /** Number of employees. */
        readonly employees?: number;
        /** Credit limit. */
        readonly creditLimit?: number | string;
        /** Credit hold. */
        readonly creditHold?: boolean;
        /** Category. */
        readonly category?: 'preferred-customer' | 'standard' | number;
        /** Relationship type. */
        readonly relationship?: 'competitor' | 'consultant' | 'customer' | 'investor' | 'partner' | 'influencer' | 'press' | 'prospect' | 'reseller' | 'supplier' | 'vendor' | 'other' | number;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number;
        /** Do not e-mail. */
        readonly noEmail?: boolean;
        /** Do not phone. */
        readonly noPhone?: boolean;
        /** Primary contact. */
        readonly primaryContact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Parent account. */
        readonly parent?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: AccountRow;
    };
    /** Create many accounts. */
    readonly 'account.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete account. */
    readonly 'account.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink account. */
    readonly 'account.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get account. */
    readonly 'account.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: AccountRow;
    };
    /** Get account by key. */
    readonly 'account.get-by-key': {
      readonly input: {
        /** Name. */
        readonly name?: string;
        /** Account number. */
        readonly number?: string;
        /** E-mail. */
        readonly email?: string;
        /** Main phone. */
        readonly phone?: string;
        /** Other phone. */
        readonly otherPhone?: string;
        /** Fax. */
        readonly fax?: string;
        /** Website. */
        readonly website?: string;
        /** Description. */
        readonly description?: string;
        /** Street. */
        readonly street?: string;
        /** City. */
        readonly city?: string;
        /** State or province. */
        readonly region?: string;
        /** Postal code. */
        readonly postalCode?: string;
        /** Country. */
        readonly country?: string;
        /** Annual revenue. */
        readonly revenue?: number | string;
        /** Number of employees. */
        readonly employees?: number;
        /** Credit limit. */
        readonly creditLimit?: number | string;
        /** Category. */
        readonly category?: 'preferred-customer' | 'standard' | number;
        /** Relationship type. */
        readonly relationship?: 'competitor' | 'consultant' | 'customer' | 'investor' | 'partner' | 'influencer' | 'press' | 'prospect' | 'reseller' | 'supplier' | 'vendor' | 'other' | number;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number;
        /** Primary contact. */
        readonly primaryContact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Parent account. */
        readonly parent?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Status reason. Must belong to the state of the account. */
        readonly status?: 'active' | 'inactive' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: AccountRow;
    };
    /** List accounts. */
    readonly 'account.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'name' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Account number. */
        readonly number?: string;
        /** E-mail. */
        readonly email?: string;
        /** Parent account id. */
        readonly parentId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly AccountRow[];
    };
    /** Merge accounts. */
    readonly 'account.merge': {
      readonly input: {
        /** Id. The one that stays. */
        readonly id: string;
        /** Other id. The one that is closed. */
        readonly otherId: string;
        /** Check that both have the same parent. */
        readonly checkParents?: boolean;
      };
      readonly output: null;
    };
    /** Search accounts. */
    readonly 'account.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly AccountRow[];
    };
    /** Set state of account. */
    readonly 'account.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. */
        readonly state: 'active' | 'inactive' | number;
        /** Status reason. Must belong to the state of the account. */
        readonly status?: 'active' | 'inactive' | number;
      };
      readonly output: AccountRow;
    };
    /** Share account. */
    readonly 'account.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare account. */
    readonly 'account.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update account. */
    readonly 'account.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Name. */
        readonly name?: string;
        /** Account number. */
        readonly number?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Main phone. */
        readonly phone?: string | null;
        /** Other phone. */
        readonly otherPhone?: string | null;
        /** Fax. */
        readonly fax?: string | null;
        /** Website. */
        readonly website?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** Street. */
        readonly street?: string | null;
        /** City. */
        readonly city?: string | null;
        /** State or province. */
        readonly region?: string | null;
        /** Postal code. */
        readonly postalCode?: string | null;
        /** Country. */
        readonly country?: string | null;
        /** Annual revenue. */
        readonly revenue?: number | string | null;
        /** Number of employees. */
        readonly employees?: number | null;
        /** Credit limit. */
        readonly creditLimit?: number | string | null;
        /** Credit hold. */
        readonly creditHold?: boolean | null;
        /** Category. */
        readonly category?: 'preferred-customer' | 'standard' | number | null;
        /** Relationship type. */
        readonly relationship?: 'competitor' | 'consultant' | 'customer' | 'investor' | 'partner' | 'influencer' | 'press' | 'prospect' | 'reseller' | 'supplier' | 'vendor' | 'other' | number | null;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Do not phone. */
        readonly noPhone?: boolean | null;
        /** Primary contact. */
        readonly primaryContact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Parent account. */
        readonly parent?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: AccountRow;
    };
    /** Update many accounts. */
    readonly 'account.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Create or update account. */
    readonly 'account.upsert': {
      readonly input: {
        /** Mode. upsert: update or create. createOnly: fail where it exists. updateOnly: fail where it does not. */
        readonly mode?: 'upsert' | 'createOnly' | 'updateOnly';
        /** Id. */
        readonly id?: string;
        /** Name. */
        readonly name?: string;
        /** Account number. */
        readonly number?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Main phone. */
        readonly phone?: string | null;
        /** Other phone. */
        readonly otherPhone?: string | null;
        /** Fax. */
        readonly fax?: string | null;
        /** Website. */
        readonly website?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** Street. */
        readonly street?: string | null;
        /** City. */
        readonly city?: string | null;
        /** State or province. */
        readonly region?: string | null;
        /** Postal code. */
        readonly postalCode?: string | null;
        /** Country. */
        readonly country?: string | null;
        /** Annual revenue. */
        readonly revenue?: number | string | null;
        /** Number of employees. */
        readonly employees?: number | null;
        /** Credit limit. */
        readonly creditLimit?: number | string | null;
        /** Credit hold. */
        readonly creditHold?: boolean | null;
        /** Category. */
        readonly category?: 'preferred-customer' | 'standard' | number | null;
        /** Relationship type. */
        readonly relationship?: 'competitor' | 'consultant' | 'customer' | 'investor' | 'partner' | 'influencer' | 'press' | 'prospect' | 'reseller' | 'supplier' | 'vendor' | 'other' | number | null;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Do not phone. */
        readonly noPhone?: boolean | null;
        /** Primary contact. */
        readonly primaryContact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Parent account. */
        readonly parent?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Match on. The columns that say which row is meant: the id, or an alternate key of the table. */
        readonly matchOn: readonly ('id' | 'name' | 'number' | 'email' | 'phone' | 'otherPhone' | 'fax' | 'website' | 'description' | 'street' | 'city' | 'region' | 'postalCode' | 'country' | 'revenue' | 'employees' | 'creditLimit' | 'category' | 'relationship' | 'contactBy' | 'primaryContact' | 'parent' | 'owner')[];
      };
      readonly output: AccountRow;
    };
    /** Create or update many accounts. */
    readonly 'account.upsert-many': {
      readonly input: {
        /** Match on. The id, or the columns of an alternate key of the organization. */
        readonly matchOn: readonly string[];
        /** Rows. Each with the columns that it is matched on. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Get case resolution. */
    readonly 'case-resolution.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: CaseResolutionRow;
    };
    /** List case resolutions. */
    readonly 'case-resolution.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Case id. */
        readonly caseId?: string;
        /** State. Canceled when the case is opened again. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
      };
      readonly output: readonly CaseResolutionRow[];
    };
    /** Add note to case. */
    readonly 'case.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Add case to queue. */
    readonly 'case.add-to-queue': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Queue id. */
        readonly queueId: string;
      };
      readonly output: {
        /** Queue item id. */
        readonly queueItemId?: string | null;
      } | null;
    };
    /** Apply routing rule to case. */
    readonly 'case.apply-routing-rule': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Assign case. */
    readonly 'case.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. The user or team that works on the case. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: CaseRow;
    };
    /** Link case. */
    readonly 'case.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Calculate time of case. */
    readonly 'case.calculate-time': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: {
        /** Minutes. */
        readonly minutes?: number | null;
      } | null;
    };
    /** Cancel case. */
    readonly 'case.cancel': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: CaseRow;
    };
    /** Count cases. */
    readonly 'case.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Customer id. */
        readonly customerId?: string;
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** State. Changed by resolving, canceling or reopening the case. */
        readonly state?: 'active' | 'resolved' | 'canceled' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create case. */
    readonly 'case.create': {
      readonly input: {
        /** Title. */
        readonly title: string;
        /** Description. */
        readonly description?: string;
        /** Customer. The account or contact that the case is about. */
        readonly customer: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. Whom to talk to, where the customer is an account. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** Type. */
        readonly type?: 'question' | 'problem' | 'request' | number;
        /** Origin. How the case came in. */
        readonly origin?: 'phone' | 'email' | 'web' | 'facebook' | 'twitter' | number;
        /** Status reason. Must belong to the state of the case. */
        readonly status?: 'in-progress' | 'on-hold' | 'waiting-for-details' | 'researching' | 'problem-solved' | 'canceled' | 'information-provided' | 'merged' | number;
        /** Customer satisfaction. */
        readonly satisfaction?: 'very-dissatisfied' | 'dissatisfied' | 'neutral' | 'satisfied' | 'very-satisfied' | number;
        /** E-mail address. */
        readonly emailAddress?: string;
        /** Serial number. */
        readonly serialNumber?: string;
        /** Subject. */
        readonly subject?: {
          /** Table. */
          readonly table?: 'subject';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Product. */
        readonly product?: {
          /** Table. */
          readonly table?: 'product';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Parent case. */
        readonly parentCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Escalated. */
        readonly escalated?: boolean;
        /** Follow up by. */
        readonly followUpBy?: string;
        /** First response by. */
        readonly respondBy?: string;
        /** Resolve by. */
        readonly resolveBy?: string;
        /** First response sent. */
        readonly firstResponseSent?: boolean;
        /** Owner. The user or team that works on the case. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: CaseRow;
    };
    /** Create many cases. */
    readonly 'case.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete case. */
    readonly 'case.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink case. */
    readonly 'case.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get case. */
    readonly 'case.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: CaseRow;
    };
    /** Get case by key. */
    readonly 'case.get-by-key': {
      readonly input: {
        /** Case number. The number people quote, such as CAS-01000-X1Y2Z3. */
        readonly number?: string;
        /** Title. */
        readonly title?: string;
        /** Description. */
        readonly description?: string;
        /** Customer. The account or contact that the case is about. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. Whom to talk to, where the customer is an account. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** Type. */
        readonly type?: 'question' | 'problem' | 'request' | number;
        /** Origin. How the case came in. */
        readonly origin?: 'phone' | 'email' | 'web' | 'facebook' | 'twitter' | number;
        /** State. Changed by resolving, canceling or reopening the case. */
        readonly state?: 'active' | 'resolved' | 'canceled' | number;
        /** Status reason. Must belong to the state of the case. */
        readonly status?: 'in-progress' | 'on-hold' | 'waiting-for-details' | 'researching' | 'problem-solved' | 'canceled' | 'information-provided' | 'merged' | number;
        /** Customer satisfaction. */
        readonly satisfaction?: 'very-dissatisfied' | 'dissatisfied' | 'neutral' | 'satisfied' | 'very-satisfied' | number;
        /** E-mail address. */
        readonly emailAddress?: string;
        /** Serial number. */
        readonly serialNumber?: string;
        /** Subject. */
        readonly subject?: {
          /** Table. */
          readonly table?: 'subject';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Product. */
        readonly product?: {
          /** Table. */
          readonly table?: 'product';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Parent case. */
        readonly parentCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Escalated on. */
        readonly escalatedOn?: string;
        /** Follow up by. */
        readonly followUpBy?: string;
        /** First response by. */
        readonly respondBy?: string;
        /** Resolve by. */
        readonly resolveBy?: string;
        /** Owner. The user or team that works on the case. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created by. */
        readonly createdBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified by. */
        readonly modifiedBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: CaseRow;
    };
    /** List cases. */
    readonly 'case.list': {
      readonly input: {
        /** Title contains. */
        readonly search?: string;
        /** State. Changed by resolving, canceling or reopening the case. */
        readonly state?: 'active' | 'resolved' | 'canceled' | number;
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** Customer id. Id of an account or contact. */
        readonly customerId?: string;
        /** Owner id. Id of a user or team. */
        readonly ownerId?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'createdon' | 'modifiedon' | 'prioritycode';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly CaseRow[];
    };
    /** Merge cases. */
    readonly 'case.merge': {
      readonly input: {
        /** Id. The one that stays. */
        readonly id: string;
        /** Other id. The one that is closed. */
        readonly otherId: string;
        /** Check that both have the same parent. */
        readonly checkParents?: boolean;
      };
      readonly output: null;
    };
    /** Reopen case. */
    readonly 'case.reopen': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: CaseRow;
    };
    /** Reply to case by e-mail. */
    readonly 'case.reply-by-email': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Body. HTML. */
        readonly body: string;
        /** Subject. */
        readonly subject?: string;
        /** From. */
        readonly from?: {
          /** Table. */
          readonly table: 'queue' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** To. */
        readonly to?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Cc. */
        readonly cc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Bcc. */
        readonly bcc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
      };
      readonly output: EmailRow;
    };
    /** Resolve case. */
    readonly 'case.resolve': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Resolution. How it was solved. */
        readonly subject: string;
        /** Remarks. */
        readonly description?: string;
        /** Time spent. In minutes. */
        readonly minutesSpent?: number;
        /** Status reason. */
        readonly status?: 'problem-solved' | 'information-provided' | number;
      };
      readonly output: null;
    };
    /** Search cases. */
    readonly 'case.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly CaseRow[];
    };
    /** Share case. */
    readonly 'case.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare case. */
    readonly 'case.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update case. */
    readonly 'case.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Title. */
        readonly title?: string;
        /** Description. */
        readonly description?: string | null;
        /** Customer. The account or contact that the case is about. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. Whom to talk to, where the customer is an account. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number | null;
        /** Type. */
        readonly type?: 'question' | 'problem' | 'request' | number | null;
        /** Origin. How the case came in. */
        readonly origin?: 'phone' | 'email' | 'web' | 'facebook' | 'twitter' | number | null;
        /** Status reason. Must belong to the state of the case. */
        readonly status?: 'in-progress' | 'on-hold' | 'waiting-for-details' | 'researching' | 'problem-solved' | 'canceled' | 'information-provided' | 'merged' | number | null;
        /** Customer satisfaction. */
        readonly satisfaction?: 'very-dissatisfied' | 'dissatisfied' | 'neutral' | 'satisfied' | 'very-satisfied' | number | null;
        /** E-mail address. */
        readonly emailAddress?: string | null;
        /** Serial number. */
        readonly serialNumber?: string | null;
        /** Subject. */
        readonly subject?: {
          /** Table. */
          readonly table?: 'subject';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Product. */
        readonly product?: {
          /** Table. */
          readonly table?: 'product';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Parent case. */
        readonly parentCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Escalated. */
        readonly escalated?: boolean | null;
        /** Follow up by. */
        readonly followUpBy?: string | null;
        /** First response by. */
        readonly respondBy?: string | null;
        /** Resolve by. */
        readonly resolveBy?: string | null;
        /** First response sent. */
        readonly firstResponseSent?: boolean | null;
        /** Owner. The user or team that works on the case. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: CaseRow;
    };
    /** Update many cases. */
    readonly 'case.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Create or update case. */
    readonly 'case.upsert': {
      readonly input: {
        /** Mode. upsert: update or create. createOnly: fail where it exists. updateOnly: fail where it does not. */
        readonly mode?: 'upsert' | 'createOnly' | 'updateOnly';
        /** Id. */
        readonly id?: string;
        /** Title. */
        readonly title?: string;
        /** Description. */
        readonly description?: string | null;
        /** Customer. The account or contact that the case is about. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. Whom to talk to, where the customer is an account. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number | null;
        /** Type. */
        readonly type?: 'question' | 'problem' | 'request' | number | null;
        /** Origin. How the case came in. */
        readonly origin?: 'phone' | 'email' | 'web' | 'facebook' | 'twitter' | number | null;
        /** Status reason. Must belong to the state of the case. */
        readonly status?: 'in-progress' | 'on-hold' | 'waiting-for-details' | 'researching' | 'problem-solved' | 'canceled' | 'information-provided' | 'merged' | number | null;
        /** Customer satisfaction. */
        readonly satisfaction?: 'very-dissatisfied' | 'dissatisfied' | 'neutral' | 'satisfied' | 'very-satisfied' | number | null;
        /** E-mail address. */
        readonly emailAddress?: string | null;
        /** Serial number. */
        readonly serialNumber?: string | null;
        /** Subject. */
        readonly subject?: {
          /** Table. */
          readonly table?: 'subject';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Product. */
        readonly product?: {
          /** Table. */
          readonly table?: 'product';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Parent case. */
        readonly parentCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Escalated. */
        readonly escalated?: boolean | null;
        /** Follow up by. */
        readonly followUpBy?: string | null;
        /** First response by. */
        readonly respondBy?: string | null;
        /** Resolve by. */
        readonly resolveBy?: string | null;
        /** First response sent. */
        readonly firstResponseSent?: boolean | null;
        /** Owner. The user or team that works on the case. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Match on. The columns that say which row is meant: the id, or an alternate key of the table. */
        readonly matchOn: readonly ('id' | 'title' | 'description' | 'customer' | 'contact' | 'priority' | 'type' | 'origin' | 'status' | 'satisfaction' | 'emailAddress' | 'serialNumber' | 'subject' | 'product' | 'parentCase' | 'followUpBy' | 'respondBy' | 'resolveBy' | 'owner')[];
      };
      readonly output: CaseRow;
    };
    /** Create or update many cases. */
    readonly 'case.upsert-many': {
      readonly input: {
        /** Match on. The id, or the columns of an alternate key of the organization. */
        readonly matchOn: readonly string[];
        /** Rows. Each with the columns that it is matched on. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Run actions together. */
    readonly 'changeset.run': {
      readonly input: {
        /** Steps. In the order in which they are done. */
        readonly steps: readonly ({
          /** Name. What later steps call the row of this one. */
          readonly name?: string;
          /** Action. */
          readonly action: string;
          /** Input. That of the action. { "from": "customer" } in it stands for the row of the step with that name: as a lookup, an id or a record. */
          readonly input: JsonObject;
        })[];
      };
      readonly output: readonly ({
        /** Name. */
        readonly name?: string | null;
        /** Action. */
        readonly action?: string | null;
        /** Output. What the action answers. */
        readonly output?: JsonObject | null;
      } | null)[] | null;
    };
    /** Add note to contact. */
    readonly 'contact.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Assign contact. */
    readonly 'contact.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: ContactRow;
    };
    /** Link contact. */
    readonly 'contact.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count contacts. */
    readonly 'contact.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** E-mail. */
        readonly email?: string;
        /** Company id. */
        readonly companyId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create contact. */
    readonly 'contact.create': {
      readonly input: {
        /** First name. */
        readonly firstName?: string;
        /** Last name. */
        readonly lastName: string;
        /** Job title. */
        readonly jobTitle?: string;
        /** E-mail. */
        readonly email?: string;
        /** Business phone. */
        readonly phone?: string;
        /** Mobile phone. */
        readonly mobile?: string;
        /** Birthday. */
        readonly birthday?: string;
        /** Description. */
        readonly description?: string;
        /** City. */
        readonly city?: string;
        /** Gender. */
        readonly gender?: 'male' | 'female' | number;
        /** Marital status. */
        readonly familyStatus?: 'single' | 'married' | 'divorced' | 'widowed' | number;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number;
        /** Do not e-mail. */
        readonly noEmail?: boolean;
        /** Company. The account (or another contact) that the person belongs to. */
        readonly company?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: ContactRow;
    };
    /** Create many contacts. */
    readonly 'contact.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete contact. */
    readonly 'contact.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink contact. */
    readonly 'contact.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get contact. */
    readonly 'contact.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: ContactRow;
    };
    /** Get contact by key. */
    readonly 'contact.get-by-key': {
      readonly input: {
        /** Full name. */
        readonly name?: string;
        /** First name. */
        readonly firstName?: string;
        /** Last name. */
        readonly lastName?: string;
        /** Job title. */
        readonly jobTitle?: string;
        /** E-mail. */
        readonly email?: string;
        /** Business phone. */
        readonly phone?: string;
        /** Mobile phone. */
        readonly mobile?: string;
        /** Birthday. */
        readonly birthday?: string;
        /** Description. */
        readonly description?: string;
        /** City. */
        readonly city?: string;
        /** Gender. */
        readonly gender?: 'male' | 'female' | number;
        /** Marital status. */
        readonly familyStatus?: 'single' | 'married' | 'divorced' | 'widowed' | number;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number;
        /** Company. The account (or another contact) that the person belongs to. */
        readonly company?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Status reason. */
        readonly status?: 'active' | 'inactive' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: ContactRow;
    };
    /** List contacts. */
    readonly 'contact.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'fullname' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** E-mail. */
        readonly email?: string;
        /** Company id. */
        readonly companyId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly ContactRow[];
    };
    /** Merge contacts. */
    readonly 'contact.merge': {
      readonly input: {
        /** Id. The one that stays. */
        readonly id: string;
        /** Other id. The one that is closed. */
        readonly otherId: string;
        /** Check that both have the same parent. */
        readonly checkParents?: boolean;
      };
      readonly output: null;
    };
    /** Search contacts. */
    readonly 'contact.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly ContactRow[];
    };
    /** Set state of contact. */
    readonly 'contact.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. */
        readonly state: 'active' | 'inactive' | number;
        /** Status reason. */
        readonly status?: 'active' | 'inactive' | number;
      };
      readonly output: ContactRow;
    };
    /** Share contact. */
    readonly 'contact.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare contact. */
    readonly 'contact.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update contact. */
    readonly 'contact.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** First name. */
        readonly firstName?: string | null;
        /** Last name. */
        readonly lastName?: string;
        /** Job title. */
        readonly jobTitle?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Business phone. */
        readonly phone?: string | null;
        /** Mobile phone. */
        readonly mobile?: string | null;
        /** Birthday. */
        readonly birthday?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** City. */
        readonly city?: string | null;
        /** Gender. */
        readonly gender?: 'male' | 'female' | number | null;
        /** Marital status. */
        readonly familyStatus?: 'single' | 'married' | 'divorced' | 'widowed' | number | null;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Company. The account (or another contact) that the person belongs to. */
        readonly company?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: ContactRow;
    };
    /** Update many contacts. */
    readonly 'contact.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Create or update contact. */
    readonly 'contact.upsert': {
      readonly input: {
        /** Mode. upsert: update or create. createOnly: fail where it exists. updateOnly: fail where it does not. */
        readonly mode?: 'upsert' | 'createOnly' | 'updateOnly';
        /** Id. */
        readonly id?: string;
        /** First name. */
        readonly firstName?: string | null;
        /** Last name. */
        readonly lastName?: string;
        /** Job title. */
        readonly jobTitle?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Business phone. */
        readonly phone?: string | null;
        /** Mobile phone. */
        readonly mobile?: string | null;
        /** Birthday. */
        readonly birthday?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** City. */
        readonly city?: string | null;
        /** Gender. */
        readonly gender?: 'male' | 'female' | number | null;
        /** Marital status. */
        readonly familyStatus?: 'single' | 'married' | 'divorced' | 'widowed' | number | null;
        /** Preferred contact method. */
        readonly contactBy?: 'any' | 'email' | 'phone' | 'fax' | 'mail' | number | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Company. The account (or another contact) that the person belongs to. */
        readonly company?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Match on. The columns that say which row is meant: the id, or an alternate key of the table. */
        readonly matchOn: readonly ('id' | 'firstName' | 'lastName' | 'jobTitle' | 'email' | 'phone' | 'mobile' | 'birthday' | 'description' | 'city' | 'gender' | 'familyStatus' | 'contactBy' | 'company' | 'owner')[];
      };
      readonly output: ContactRow;
    };
    /** Create or update many contacts. */
    readonly 'contact.upsert-many': {
      readonly input: {
        /** Match on. The id, or the columns of an alternate key of the organization. */
        readonly matchOn: readonly string[];
        /** Rows. Each with the columns that it is matched on. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Add note to e-mail. */
    readonly 'email.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Add e-mail to queue. */
    readonly 'email.add-to-queue': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Queue id. */
        readonly queueId: string;
      };
      readonly output: {
        /** Queue item id. */
        readonly queueItemId?: string | null;
      } | null;
    };
    /** Assign e-mail. */
    readonly 'email.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: EmailRow;
    };
    /** Count e-mails. */
    readonly 'email.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Outgoing. False for a message that came in. */
        readonly outgoing?: boolean;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Status reason. */
        readonly status?: 'draft' | 'completed' | 'sent' | 'received' | 'canceled' | 'pending-send' | 'sending' | 'failed' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create e-mail. */
    readonly 'email.create': {
      readonly input: {
        /** Subject. */
        readonly subject: string;
        /** Body. HTML. */
        readonly body?: string;
        /** Outgoing. False for a message that came in. */
        readonly outgoing?: boolean;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number;
        /** Read receipt requested. */
        readonly readReceipt?: boolean;
        /** In reply to. The message that this one answers. */
        readonly inReplyTo?: {
          /** Table. */
          readonly table?: 'email';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** From. The user or queue that sends it. */
        readonly from?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** To. */
        readonly to?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Cc. */
        readonly cc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Bcc. */
        readonly bcc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
      };
      readonly output: EmailRow;
    };
    /** Delete e-mail. */
    readonly 'email.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Get e-mail. */
    readonly 'email.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: EmailRow;
    };
    /** List e-mails. */
    readonly 'email.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Outgoing. False for a message that came in. */
        readonly outgoing?: boolean;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Status reason. */
        readonly status?: 'draft' | 'completed' | 'sent' | 'received' | 'canceled' | 'pending-send' | 'sending' | 'failed' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly EmailRow[];
    };
    /** Search e-mails. */
    readonly 'email.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly EmailRow[];
    };
    /** Send e-mail. */
    readonly 'email.send': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: {
        /** Subject. With the tracking token that was added. */
        readonly subject?: string | null;
      } | null;
    };
    /** Write and send e-mail. */
    readonly 'email.send-new': {
      readonly input: {
        /** Subject. */
        readonly subject: string;
        /** Body. HTML. */
        readonly body?: string;
        /** From. The user or queue that sends it. */
        readonly from: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** To. */
        readonly to: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Cc. */
        readonly cc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Bcc. */
        readonly bcc?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'queue' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number;
      };
      readonly output: EmailRow;
    };
    /** Set state of e-mail. */
    readonly 'email.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. */
        readonly state: 'open' | 'completed' | 'canceled' | number;
        /** Status reason. */
        readonly status?: 'draft' | 'completed' | 'sent' | 'received' | 'canceled' | 'pending-send' | 'sending' | 'failed' | number;
      };
      readonly output: EmailRow;
    };
    /** Update e-mail. */
    readonly 'email.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. */
        readonly subject?: string;
        /** Body. HTML. */
        readonly body?: string | null;
        /** Outgoing. False for a message that came in. */
        readonly outgoing?: boolean | null;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number | null;
        /** Read receipt requested. */
        readonly readReceipt?: boolean | null;
        /** In reply to. The message that this one answers. */
        readonly inReplyTo?: {
          /** Table. */
          readonly table?: 'email';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: EmailRow;
    };
    /** Get knowledge article. */
    readonly 'knowledge-article.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: KnowledgeArticleRow;
    };
    /** List knowledge articles. */
    readonly 'knowledge-article.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'title' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Internal. */
        readonly internal?: boolean;
        /** Latest version. */
        readonly latest?: boolean;
        /** State. */
        readonly state?: 'draft' | 'approved' | 'scheduled' | 'published' | 'expired' | 'archived' | 'discarded' | number;
      };
      readonly output: readonly KnowledgeArticleRow[];
    };
    /** Search knowledge articles. */
    readonly 'knowledge-article.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly KnowledgeArticleRow[];
    };
    /** Add note to lead. */
    readonly 'lead.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Assign lead. */
    readonly 'lead.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: LeadRow;
    };
    /** Link lead. */
    readonly 'lead.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count leads. */
    readonly 'lead.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** E-mail. */
        readonly email?: string;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** State. Changed by qualifying or disqualifying the lead. */
        readonly state?: 'open' | 'qualified' | 'disqualified' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create lead. */
    readonly 'lead.create': {
      readonly input: {
        /** Topic. */
        readonly subject: string;
        /** First name. */
        readonly firstName?: string;
        /** Last name. */
        readonly lastName: string;
        /** Company name. */
        readonly company?: string;
        /** Job title. */
        readonly jobTitle?: string;
        /** E-mail. */
        readonly email?: string;
        /** Business phone. */
        readonly phone?: string;
        /** Mobile phone. */
        readonly mobile?: string;
        /** Website. */
        readonly website?: string;
        /** Description. */
        readonly description?: string;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** Annual revenue. */
        readonly revenue?: number | string;
        /** Budget. */
        readonly budget?: number | string;
        /** Estimated value. */
        readonly estimatedValue?: number | string;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string;
        /** Account. The account that the lead belongs to, where there is one already. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. The contact that the lead belongs to, where there is one already. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Originating case. */
        readonly originatingCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Do not e-mail. */
        readonly noEmail?: boolean;
        /** Status reason. Must belong to the state of the lead. */
        readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: LeadRow;
    };
    /** Create many leads. */
    readonly 'lead.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete lead. */
    readonly 'lead.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink lead. */
    readonly 'lead.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get lead. */
    readonly 'lead.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: LeadRow;
    };
    /** Get lead by key. */
    readonly 'lead.get-by-key': {
      readonly input: {
        /** Topic. */
        readonly subject?: string;
        /** Full name. */
        readonly name?: string;
        /** First name. */
        readonly firstName?: string;
        /** Last name. */
        readonly lastName?: string;
        /** Company name. */
        readonly company?: string;
        /** Job title. */
        readonly jobTitle?: string;
        /** E-mail. */
        readonly email?: string;
        /** Business phone. */
        readonly phone?: string;
        /** Mobile phone. */
        readonly mobile?: string;
        /** Website. */
        readonly website?: string;
        /** Description. */
        readonly description?: string;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** Annual revenue. */
        readonly revenue?: number | string;
        /** Budget. */
        readonly budget?: number | string;
        /** Estimated value. */
        readonly estimatedValue?: number | string;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string;
        /** Account. The account that the lead belongs to, where there is one already. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. The contact that the lead belongs to, where there is one already. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Originating case. */
        readonly originatingCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Opportunity. What the lead became when it was qualified. */
        readonly opportunity?: {
          /** Table. */
          readonly table?: 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** State. Changed by qualifying or disqualifying the lead. */
        readonly state?: 'open' | 'qualified' | 'disqualified' | number;
        /** Status reason. Must belong to the state of the lead. */
        readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created by. */
        readonly createdBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified by. */
        readonly modifiedBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: LeadRow;
    };
    /** List leads. */
    readonly 'lead.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'fullname' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** E-mail. */
        readonly email?: string;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** State. Changed by qualifying or disqualifying the lead. */
        readonly state?: 'open' | 'qualified' | 'disqualified' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly LeadRow[];
    };
    /** Merge leads. */
    readonly 'lead.merge': {
      readonly input: {
        /** Id. The one that stays. */
        readonly id: string;
        /** Other id. The one that is closed. */
        readonly otherId: string;
        /** Check that both have the same parent. */
        readonly checkParents?: boolean;
      };
      readonly output: null;
    };
    /** Qualify lead. */
    readonly 'lead.qualify': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Create account. */
        readonly createAccount?: boolean;
        /** Create contact. */
        readonly createContact?: boolean;
        /** Create opportunity. */
        readonly createOpportunity?: boolean;
        /** Customer of the opportunity. An account or contact that is there already. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: readonly ({
        readonly table: string | null;
        /** Id. */
        readonly id: string;
        readonly name?: string | null;
      } | null)[] | null;
    };
    /** Search leads. */
    readonly 'lead.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly LeadRow[];
    };
    /** Set state of lead. */
    readonly 'lead.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. Changed by qualifying or disqualifying the lead. */
        readonly state: 'open' | 'qualified' | 'disqualified' | number;
        /** Status reason. Must belong to the state of the lead. */
        readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | number;
      };
      readonly output: LeadRow;
    };
    /** Share lead. */
    readonly 'lead.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare lead. */
    readonly 'lead.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update lead. */
    readonly 'lead.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Topic. */
        readonly subject?: string;
        /** First name. */
        readonly firstName?: string | null;
        /** Last name. */
        readonly lastName?: string;
        /** Company name. */
        readonly company?: string | null;
        /** Job title. */
        readonly jobTitle?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Business phone. */
        readonly phone?: string | null;
        /** Mobile phone. */
        readonly mobile?: string | null;
        /** Website. */
        readonly website?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number | null;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number | null;
        /** Annual revenue. */
        readonly revenue?: number | string | null;
        /** Budget. */
        readonly budget?: number | string | null;
        /** Estimated value. */
        readonly estimatedValue?: number | string | null;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string | null;
        /** Account. The account that the lead belongs to, where there is one already. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Contact. The contact that the lead belongs to, where there is one already. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Originating case. */
        readonly originatingCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Status reason. Must belong to the state of the lead. */
        readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: LeadRow;
    };
    /** Update many leads. */
    readonly 'lead.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Create or update lead. */
    readonly 'lead.upsert': {
      readonly input: {
        /** Mode. upsert: update or create. createOnly: fail where it exists. updateOnly: fail where it does not. */
        readonly mode?: 'upsert' | 'createOnly' | 'updateOnly';
        /** Id. */
        readonly id?: string;
        /** Topic. */
        readonly subject?: string;
        /** First name. */
        readonly firstName?: string | null;
        /** Last name. */
        readonly lastName?: string;
        /** Company name. */
        readonly company?: string | null;
        /** Job title. */
        readonly jobTitle?: string | null;
        /** E-mail. */
        readonly email?: string | null;
        /** Business phone. */
        readonly phone?: string | null;
        /** Mobile phone. */
        readonly mobile?: string | null;
        /** Website. */
        readonly website?: string | null;
        /** Description. */
        readonly description?: string | null;
        /** Source. */
        readonly source?: 'advertisement' | 'employee-referral' | 'external-referral' | 'partner' | 'public-relations' | 'seminar' | 'trade-show' | 'web' | 'word-of-mouth' | 'other' | number | null;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number | null;
        /** Annual revenue. */
        readonly revenue?: number | string | null;
        /** Budget. */
        readonly budget?: number | string | null;
        /** Estimated value. */
        readonly estimatedValue?: number | string | null;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string | null;
        /** Account. The account that the lead belongs to, where there is one already. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Contact. The contact that the lead belongs to, where there is one already. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Originating case. */
        readonly originatingCase?: {
          /** Table. */
          readonly table?: 'case';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Do not e-mail. */
        readonly noEmail?: boolean | null;
        /** Status reason. Must belong to the state of the lead. */
        readonly status?: 'new' | 'contacted' | 'qualified' | 'lost' | 'cannot-contact' | 'no-longer-interested' | 'canceled' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Match on. The columns that say which row is meant: the id, or an alternate key of the table. */
        readonly matchOn: readonly ('id' | 'subject' | 'firstName' | 'lastName' | 'company' | 'jobTitle' | 'email' | 'phone' | 'mobile' | 'website' | 'description' | 'source' | 'rating' | 'revenue' | 'budget' | 'estimatedValue' | 'estimatedCloseDate' | 'account' | 'contact' | 'originatingCase' | 'status' | 'owner')[];
      };
      readonly output: LeadRow;
    };
    /** Create or update many leads. */
    readonly 'lead.upsert-many': {
      readonly input: {
        /** Match on. The id, or the columns of an alternate key of the organization. */
        readonly matchOn: readonly string[];
        /** Rows. Each with the columns that it is matched on. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Attach file. */
    readonly 'note.attach': {
      readonly input: {
        /** Regarding. The row that the note belongs to. */
        readonly regarding: {
          /** Table. */
          readonly table: 'case' | 'account' | 'contact' | 'email' | 'lead' | 'opportunity' | 'phonecall' | 'task';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** File name. */
        readonly fileName: string;
        /** File type. */
        readonly mimeType?: string;
        /** Content. Base64. */
        readonly content: string;
        /** Subject. */
        readonly subject?: string;
        /** Text. */
        readonly text?: string;
      };
      readonly output: NoteRow;
    };
    /** Count notes. */
    readonly 'note.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Regarding id. */
        readonly regardingId?: string;
        /** Has a file. */
        readonly isDocument?: boolean;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create note. */
    readonly 'note.create': {
      readonly input: {
        /** Subject. */
        readonly subject?: string;
        /** Text. */
        readonly text?: string;
        /** Regarding. The row that the note belongs to. */
        readonly regarding: {
          /** Table. */
          readonly table: 'case' | 'account' | 'contact' | 'email' | 'lead' | 'opportunity' | 'phonecall' | 'task';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** File name. Of the attached file. */
        readonly fileName?: string;
        /** File type. Of the attached file. */
        readonly mimeType?: string;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: NoteRow;
    };
    /** Delete note. */
    readonly 'note.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Download file. */
    readonly 'note.download': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: {
        /** File name. */
        readonly fileName?: string | null;
        /** File type. */
        readonly mimeType?: string | null;
        /** Size in bytes. */
        readonly size?: number | null;
        /** Content. Base64. */
        readonly content?: string | null;
      } | null;
    };
    /** Get note. */
    readonly 'note.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: NoteRow;
    };
    /** List notes. */
    readonly 'note.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Regarding id. */
        readonly regardingId?: string;
        /** Has a file. */
        readonly isDocument?: boolean;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly NoteRow[];
    };
    /** Update note. */
    readonly 'note.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. */
        readonly subject?: string | null;
        /** Text. */
        readonly text?: string | null;
        /** Regarding. The row that the note belongs to. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'case' | 'account' | 'contact' | 'email' | 'lead' | 'opportunity' | 'phonecall' | 'task';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** File name. Of the attached file. */
        readonly fileName?: string | null;
        /** File type. Of the attached file. */
        readonly mimeType?: string | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: NoteRow;
    };
    /** Call operation. */
    readonly 'operation.call': {
      readonly input: {
        /** Name. */
        readonly name: string;
        /** Kind. A function only reads; an action does something. */
        readonly kind: 'action' | 'function';
        /** On. The row that it is bound to, if any; without an id the table as a whole. */
        readonly on?: {
          /** Table. */
          readonly table: string;
          /** Id. */
          readonly id?: string;
        };
        /** Parameters. By the names of the operation; rows as { table, id } or as columns. */
        readonly parameters?: JsonObject;
      };
      readonly output: JsonObject | null;
    };
    /** Get opportunity close. */
    readonly 'opportunity-close.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: OpportunityCloseRow;
    };
    /** List opportunity closes. */
    readonly 'opportunity-close.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Opportunity id. */
        readonly opportunityId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
      };
      readonly output: readonly OpportunityCloseRow[];
    };
    /** Add note to opportunity. */
    readonly 'opportunity.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Assign opportunity. */
    readonly 'opportunity.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: OpportunityRow;
    };
    /** Link opportunity. */
    readonly 'opportunity.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count opportunities. */
    readonly 'opportunity.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Customer id. */
        readonly customerId?: string;
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** State. Changed by winning, losing or reopening the opportunity. */
        readonly state?: 'open' | 'won' | 'lost' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create opportunity. */
    readonly 'opportunity.create': {
      readonly input: {
        /** Topic. */
        readonly name: string;
        /** Description. */
        readonly description?: string;
        /** Customer. The account or contact that may buy. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Account. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Originating lead. */
        readonly lead?: {
          /** Table. */
          readonly table?: 'lead';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number;
        /** Pipeline phase. */
        readonly step?: string;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** Probability in percent. */
        readonly probability?: number;
        /** Estimated revenue. Kept by Dataverse instead, where the revenue is calculated from products. */
        readonly estimatedValue?: number | string;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string;
        /** Revenue is calculated. From the products of the opportunity. */
        readonly calculated?: boolean;
        /** Budget. */
        readonly budget?: number | string;
        /** Currency. */
        readonly currency?: {
          /** Table. */
          readonly table?: 'transactioncurrency';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Status reason. Must belong to the state of the opportunity. */
        readonly status?: 'in-progress' | 'on-hold' | 'won' | 'canceled' | 'out-sold' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: OpportunityRow;
    };
    /** Create many opportunities. */
    readonly 'opportunity.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete opportunity. */
    readonly 'opportunity.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink opportunity. */
    readonly 'opportunity.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get opportunity. */
    readonly 'opportunity.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: OpportunityRow;
    };
    /** Get opportunity by key. */
    readonly 'opportunity.get-by-key': {
      readonly input: {
        /** Topic. */
        readonly name?: string;
        /** Description. */
        readonly description?: string;
        /** Customer. The account or contact that may buy. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Account. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Contact. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Originating lead. */
        readonly lead?: {
          /** Table. */
          readonly table?: 'lead';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number;
        /** Pipeline phase. */
        readonly step?: string;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** Probability in percent. */
        readonly probability?: number;
        /** Estimated revenue. Kept by Dataverse instead, where the revenue is calculated from products. */
        readonly estimatedValue?: number | string;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string;
        /** Actual revenue. */
        readonly actualValue?: number | string;
        /** Actual close date. */
        readonly actualCloseDate?: string;
        /** Budget. */
        readonly budget?: number | string;
        /** Total amount. */
        readonly total?: number | string;
        /** Currency. */
        readonly currency?: {
          /** Table. */
          readonly table?: 'transactioncurrency';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** State. Changed by winning, losing or reopening the opportunity. */
        readonly state?: 'open' | 'won' | 'lost' | number;
        /** Status reason. Must belong to the state of the opportunity. */
        readonly status?: 'in-progress' | 'on-hold' | 'won' | 'canceled' | 'out-sold' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created by. */
        readonly createdBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified by. */
        readonly modifiedBy?: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: OpportunityRow;
    };
    /** List opportunities. */
    readonly 'opportunity.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'name' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Customer id. */
        readonly customerId?: string;
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number;
        /** State. Changed by winning, losing or reopening the opportunity. */
        readonly state?: 'open' | 'won' | 'lost' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly OpportunityRow[];
    };
    /** Lose opportunity. */
    readonly 'opportunity.lose': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. In a few words. */
        readonly subject: string;
        /** Remarks. */
        readonly description?: string;
        /** Reason. */
        readonly status?: 'canceled' | 'out-sold' | number;
        /** Closed on. */
        readonly closedOn?: string;
      };
      readonly output: null;
    };
    /** Reopen opportunity. */
    readonly 'opportunity.reopen': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: OpportunityRow;
    };
    /** Search opportunities. */
    readonly 'opportunity.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly OpportunityRow[];
    };
    /** Share opportunity. */
    readonly 'opportunity.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare opportunity. */
    readonly 'opportunity.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update opportunity. */
    readonly 'opportunity.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Topic. */
        readonly name?: string;
        /** Description. */
        readonly description?: string | null;
        /** Customer. The account or contact that may buy. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Account. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Contact. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Originating lead. */
        readonly lead?: {
          /** Table. */
          readonly table?: 'lead';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number | null;
        /** Pipeline phase. */
        readonly step?: string | null;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number | null;
        /** Probability in percent. */
        readonly probability?: number | null;
        /** Estimated revenue. Kept by Dataverse instead, where the revenue is calculated from products. */
        readonly estimatedValue?: number | string | null;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string | null;
        /** Revenue is calculated. From the products of the opportunity. */
        readonly calculated?: boolean | null;
        /** Budget. */
        readonly budget?: number | string | null;
        /** Currency. */
        readonly currency?: {
          /** Table. */
          readonly table?: 'transactioncurrency';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Status reason. Must belong to the state of the opportunity. */
        readonly status?: 'in-progress' | 'on-hold' | 'won' | 'canceled' | 'out-sold' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: OpportunityRow;
    };
    /** Update many opportunities. */
    readonly 'opportunity.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Create or update opportunity. */
    readonly 'opportunity.upsert': {
      readonly input: {
        /** Mode. upsert: update or create. createOnly: fail where it exists. updateOnly: fail where it does not. */
        readonly mode?: 'upsert' | 'createOnly' | 'updateOnly';
        /** Id. */
        readonly id?: string;
        /** Topic. */
        readonly name?: string;
        /** Description. */
        readonly description?: string | null;
        /** Customer. The account or contact that may buy. */
        readonly customer?: {
          /** Table. */
          readonly table: 'account' | 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Account. */
        readonly account?: {
          /** Table. */
          readonly table?: 'account';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Contact. */
        readonly contact?: {
          /** Table. */
          readonly table?: 'contact';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Originating lead. */
        readonly lead?: {
          /** Table. */
          readonly table?: 'lead';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Sales stage. */
        readonly stage?: 'qualify' | 'develop' | 'propose' | 'close' | number | null;
        /** Pipeline phase. */
        readonly step?: string | null;
        /** Rating. */
        readonly rating?: 'hot' | 'warm' | 'cold' | number | null;
        /** Probability in percent. */
        readonly probability?: number | null;
        /** Estimated revenue. Kept by Dataverse instead, where the revenue is calculated from products. */
        readonly estimatedValue?: number | string | null;
        /** Estimated close date. */
        readonly estimatedCloseDate?: string | null;
        /** Revenue is calculated. From the products of the opportunity. */
        readonly calculated?: boolean | null;
        /** Budget. */
        readonly budget?: number | string | null;
        /** Currency. */
        readonly currency?: {
          /** Table. */
          readonly table?: 'transactioncurrency';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Status reason. Must belong to the state of the opportunity. */
        readonly status?: 'in-progress' | 'on-hold' | 'won' | 'canceled' | 'out-sold' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Match on. The columns that say which row is meant: the id, or an alternate key of the table. */
        readonly matchOn: readonly ('id' | 'name' | 'description' | 'customer' | 'account' | 'contact' | 'lead' | 'stage' | 'step' | 'rating' | 'probability' | 'estimatedValue' | 'estimatedCloseDate' | 'budget' | 'currency' | 'status' | 'owner')[];
      };
      readonly output: OpportunityRow;
    };
    /** Create or update many opportunities. */
    readonly 'opportunity.upsert-many': {
      readonly input: {
        /** Match on. The id, or the columns of an alternate key of the organization. */
        readonly matchOn: readonly string[];
        /** Rows. Each with the columns that it is matched on. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Win opportunity. */
    readonly 'opportunity.win': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. In a few words. */
        readonly subject: string;
        /** Remarks. */
        readonly description?: string;
        /** Actual revenue. */
        readonly actualValue?: number | string;
        /** Closed on. */
        readonly closedOn?: string;
      };
      readonly output: null;
    };
    /** Add note to phone call. */
    readonly 'phonecall.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Add phone call to queue. */
    readonly 'phonecall.add-to-queue': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Queue id. */
        readonly queueId: string;
      };
      readonly output: {
        /** Queue item id. */
        readonly queueItemId?: string | null;
      } | null;
    };
    /** Assign phone call. */
    readonly 'phonecall.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: PhonecallRow;
    };
    /** Complete phone call. */
    readonly 'phonecall.complete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: PhonecallRow;
    };
    /** Count phone calls. */
    readonly 'phonecall.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Outgoing. False for a call that came in. */
        readonly outgoing?: boolean;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create phone call. */
    readonly 'phonecall.create': {
      readonly input: {
        /** Subject. */
        readonly subject: string;
        /** Description. */
        readonly description?: string;
        /** Phone number. */
        readonly phone?: string;
        /** Outgoing. False for a call that came in. */
        readonly outgoing?: boolean;
        /** Left voice mail. */
        readonly voicemail?: boolean;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number;
        /** Due. */
        readonly dueOn?: string;
        /** Start. */
        readonly startOn?: string;
        /** Duration in minutes. */
        readonly minutesSpent?: number;
        /** Status reason. Must belong to the state of the call. */
        readonly status?: 'open' | 'made' | 'canceled' | 'received' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Call from. */
        readonly from?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
        /** Call to. */
        readonly to?: readonly ({
          /** Table. */
          readonly table?: 'account' | 'contact' | 'lead' | 'user';
          /** Id. */
          readonly id?: string;
          /** Ignored. */
          readonly name?: string | null;
          /** Address. Of someone who is no row; the organization must allow such recipients. */
          readonly address?: string;
        })[];
      };
      readonly output: PhonecallRow;
    };
    /** Delete phone call. */
    readonly 'phonecall.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Get phone call. */
    readonly 'phonecall.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: PhonecallRow;
    };
    /** List phone calls. */
    readonly 'phonecall.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Outgoing. False for a call that came in. */
        readonly outgoing?: boolean;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly PhonecallRow[];
    };
    /** Search phone calls. */
    readonly 'phonecall.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly PhonecallRow[];
    };
    /** Set state of phone call. */
    readonly 'phonecall.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. */
        readonly state: 'open' | 'completed' | 'canceled' | number;
        /** Status reason. Must belong to the state of the call. */
        readonly status?: 'open' | 'made' | 'canceled' | 'received' | number;
      };
      readonly output: PhonecallRow;
    };
    /** Update phone call. */
    readonly 'phonecall.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. */
        readonly subject?: string;
        /** Description. */
        readonly description?: string | null;
        /** Phone number. */
        readonly phone?: string | null;
        /** Outgoing. False for a call that came in. */
        readonly outgoing?: boolean | null;
        /** Left voice mail. */
        readonly voicemail?: boolean | null;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number | null;
        /** Due. */
        readonly dueOn?: string | null;
        /** Start. */
        readonly startOn?: string | null;
        /** Duration in minutes. */
        readonly minutesSpent?: number | null;
        /** Status reason. Must belong to the state of the call. */
        readonly status?: 'open' | 'made' | 'canceled' | 'received' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: PhonecallRow;
    };
    /** Run FetchXML. */
    readonly 'query.fetch': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** FetchXML. */
        readonly query: string;
        /** Limit. */
        readonly limit?: number;
        /** Labels. Also what people see: formatted dates, labels, names of lookups. */
        readonly labels?: boolean;
      };
      readonly output: readonly (JsonObject | null)[] | null;
    };
    /** Read saved view. */
    readonly 'query.view': {
      readonly input: {
        /** Name of the view. */
        readonly name: string;
        /** The user's own view. */
        readonly personal?: boolean;
        /** Limit. */
        readonly limit?: number;
        /** Labels. Also what people see: formatted dates, labels, names of lookups. */
        readonly labels?: boolean;
      };
      readonly output: readonly (JsonObject | null)[] | null;
    };
    /** Count queue items. */
    readonly 'queue-item.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Queue id. */
        readonly queueId?: string;
        /** Item id. */
        readonly itemId?: string;
        /** Worked on by id. */
        readonly workerId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
      };
      readonly output: number;
    };
    /** Create queue item. */
    readonly 'queue-item.create': {
      readonly input: {
        /** Queue. */
        readonly queue: {
          /** Table. */
          readonly table?: 'queue';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Item. What waits in the queue. */
        readonly item: {
          /** Table. */
          readonly table: 'case' | 'email' | 'phonecall' | 'task';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Worked on by. */
        readonly worker?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: QueueItemRow;
    };
    /** Delete queue item. */
    readonly 'queue-item.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Get queue item. */
    readonly 'queue-item.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: QueueItemRow;
    };
    /** List queue items. */
    readonly 'queue-item.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'title' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Queue id. */
        readonly queueId?: string;
        /** Item id. */
        readonly itemId?: string;
        /** Worked on by id. */
        readonly workerId?: string;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
      };
      readonly output: readonly QueueItemRow[];
    };
    /** Pick queue item. */
    readonly 'queue-item.pick': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** User. */
        readonly user: {
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Remove from the queue. */
        readonly remove?: boolean;
      };
      readonly output: null;
    };
    /** Release queue item. */
    readonly 'queue-item.release': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Remove queue item. */
    readonly 'queue-item.remove': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Route queue item. */
    readonly 'queue-item.route': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** To. */
        readonly to: {
          /** Table. */
          readonly table: 'queue' | 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Assign queue. */
    readonly 'queue.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: QueueRow;
    };
    /** Link queue. */
    readonly 'queue.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count queues. */
    readonly 'queue.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Visibility. A private queue is seen by its members only. */
        readonly visibility?: 'public' | 'private' | number;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create queue. */
    readonly 'queue.create': {
      readonly input: {
        /** Name. */
        readonly name: string;
        /** Description. */
        readonly description?: string;
        /** Incoming e-mail. */
        readonly email?: string;
        /** Visibility. A private queue is seen by its members only. */
        readonly visibility?: 'public' | 'private' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: QueueRow;
    };
    /** Delete queue. */
    readonly 'queue.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink queue. */
    readonly 'queue.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get queue. */
    readonly 'queue.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: QueueRow;
    };
    /** Get queue by key. */
    readonly 'queue.get-by-key': {
      readonly input: {
        /** Name. */
        readonly name?: string;
        /** Description. */
        readonly description?: string;
        /** Incoming e-mail. */
        readonly email?: string;
        /** Visibility. A private queue is seen by its members only. */
        readonly visibility?: 'public' | 'private' | number;
        /** Number of items. */
        readonly items?: number;
        /** Number of members. */
        readonly members?: number;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Created on. */
        readonly createdOn?: string;
        /** Modified on. */
        readonly modifiedOn?: string;
      };
      readonly output: QueueRow;
    };
    /** List queues. */
    readonly 'queue.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'name' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Visibility. A private queue is seen by its members only. */
        readonly visibility?: 'public' | 'private' | number;
        /** State. */
        readonly state?: 'active' | 'inactive' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly QueueRow[];
    };
    /** Search queues. */
    readonly 'queue.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly QueueRow[];
    };
    /** Update queue. */
    readonly 'queue.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Name. */
        readonly name?: string;
        /** Description. */
        readonly description?: string | null;
        /** Incoming e-mail. */
        readonly email?: string | null;
        /** Visibility. A private queue is seen by its members only. */
        readonly visibility?: 'public' | 'private' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: QueueRow;
    };
    /** Link records. */
    readonly 'record.associate': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: string;
          /** Id. */
          readonly id: string;
        };
      };
      readonly output: null;
    };
    /** Create record. */
    readonly 'record.create': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Values. Columns by their logical names; lookups as { table, id }, choices as label or number. */
        readonly values: JsonObject;
      };
      readonly output: JsonObject | null;
    };
    /** Delete record. */
    readonly 'record.delete': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Unlink records. */
    readonly 'record.disassociate': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: string;
          /** Id. */
          readonly id: string;
        };
      };
      readonly output: null;
    };
    /** Get record. */
    readonly 'record.get': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id?: string;
        /** Alternate key. Instead of an id: the columns of an alternate key, by their logical names. */
        readonly key?: JsonObject;
      };
      readonly output: JsonObject | null;
    };
    /** List records. */
    readonly 'record.list': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Filter. In OData's words: statuscode eq 1. */
        readonly filter?: string;
        /** Columns. By their logical names; lookups as _ownerid_value. All where it is left out. */
        readonly select?: readonly string[];
        /** Order by. */
        readonly orderBy?: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly (JsonObject | null)[] | null;
    };
    /** Search all records. */
    readonly 'record.search': {
      readonly input: {
        /** Text. Words, "phrases", +must, the begin* of a word; -not where all must match. */
        readonly text: string;
        /** Tables. By any of their names. Of cases, contacts and whatever else has actions of its own, the columns that people know a row by are searched; of other tables the name. Everything that is indexed where it is left out. */
        readonly tables?: readonly string[];
        /** Match. Any of the words, or all of them. */
        readonly match?: 'any' | 'all';
        /** Syntax. Lucene also knows AND, OR, NOT, fuzzy~ and regular expressions. */
        readonly syntax?: 'simple' | 'lucene';
        /** Filter. In OData's words, by columns that all the tables have. */
        readonly filter?: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly ({
        /** Table. Our name; the logical one where we have none. */
        readonly table?: string | null;
        /** Id. */
        readonly id?: string | null;
        /** Score. The higher the better. */
        readonly score?: number | string | null;
        /** Name. */
        readonly name?: string | null;
        /** Highlights. By column: texts with each hit as **hit**. */
        readonly highlights?: JsonObject | null;
        /** Columns. As the index keeps them. */
        readonly columns?: JsonObject | null;
      } | null)[] | null;
    };
    /** Update record. */
    readonly 'record.update': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id?: string;
        /** Alternate key. Instead of an id: the columns of an alternate key, by their logical names. */
        readonly key?: JsonObject;
        /** Values. Columns by their logical names; lookups as { table, id }, choices as label or number. */
        readonly values: JsonObject;
      };
      readonly output: JsonObject | null;
    };
    /** Create or update record. */
    readonly 'record.upsert': {
      readonly input: {
        /** Table. Logical name, such as incident or new_thing. */
        readonly table: string;
        /** Id. */
        readonly id?: string;
        /** Alternate key. Instead of an id: the columns of an alternate key, by their logical names. */
        readonly key?: JsonObject;
        /** Values. Columns by their logical names; lookups as { table, id }, choices as label or number. */
        readonly values: JsonObject;
      };
      readonly output: JsonObject | null;
    };
    /** Send request. */
    readonly 'request.send': {
      readonly input: {
        /** Method. */
        readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
        /** Path. Below the Web API's address, percent-encoded, without a query. */
        readonly path: string;
        /** Query options. Not percent-encoded. */
        readonly query?: JsonObject;
        /** Headers. */
        readonly headers?: JsonObject;
        /** Body. */
        readonly body?: JsonObject;
      };
      readonly output: {
        /** HTTP status. */
        readonly status?: number | null;
        /** Body. */
        readonly body?: JsonObject | null;
      } | null;
    };
    /** Add note to task. */
    readonly 'task.add-note': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Text. */
        readonly text: string;
        /** Subject. */
        readonly subject?: string;
      };
      readonly output: NoteRow;
    };
    /** Add task to queue. */
    readonly 'task.add-to-queue': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Queue id. */
        readonly queueId: string;
      };
      readonly output: {
        /** Queue item id. */
        readonly queueItemId?: string | null;
      } | null;
    };
    /** Assign task. */
    readonly 'task.assign': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Owner. */
        readonly assignee: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: TaskRow;
    };
    /** Complete task. */
    readonly 'task.complete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: TaskRow;
    };
    /** Count tasks. */
    readonly 'task.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: number;
    };
    /** Create task. */
    readonly 'task.create': {
      readonly input: {
        /** Subject. */
        readonly subject: string;
        /** Description. */
        readonly description?: string;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number;
        /** Due. */
        readonly dueOn?: string;
        /** Start. */
        readonly startOn?: string;
        /** Percent complete. */
        readonly percentComplete?: number;
        /** Time spent in minutes. */
        readonly minutesSpent?: number;
        /** Status reason. Must belong to the state of the task. */
        readonly status?: 'not-started' | 'in-progress' | 'waiting' | 'completed' | 'canceled' | 'deferred' | number;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: TaskRow;
    };
    /** Create many tasks. */
    readonly 'task.create-many': {
      readonly input: {
        /** Rows. Each as for the creation of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Delete task. */
    readonly 'task.delete': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: null;
    };
    /** Get task. */
    readonly 'task.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: TaskRow;
    };
    /** List tasks. */
    readonly 'task.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'subject' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Regarding id. */
        readonly regardingId?: string;
        /** State. */
        readonly state?: 'open' | 'completed' | 'canceled' | number;
        /** Owner id. */
        readonly ownerId?: string;
      };
      readonly output: readonly TaskRow[];
    };
    /** Search tasks. */
    readonly 'task.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly TaskRow[];
    };
    /** Set state of task. */
    readonly 'task.set-state': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** State. */
        readonly state: 'open' | 'completed' | 'canceled' | number;
        /** Status reason. Must belong to the state of the task. */
        readonly status?: 'not-started' | 'in-progress' | 'waiting' | 'completed' | 'canceled' | 'deferred' | number;
      };
      readonly output: TaskRow;
    };
    /** Share task. */
    readonly 'task.share': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Share with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
        /** Rights. */
        readonly rights?: readonly ('ReadAccess' | 'WriteAccess' | 'AppendAccess' | 'AppendToAccess' | 'DeleteAccess' | 'ShareAccess' | 'AssignAccess')[];
      };
      readonly output: null;
    };
    /** Unshare task. */
    readonly 'task.unshare': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Shared with. */
        readonly with: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Update task. */
    readonly 'task.update': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Subject. */
        readonly subject?: string;
        /** Description. */
        readonly description?: string | null;
        /** Regarding. What it is about. */
        readonly regarding?: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'lead' | 'opportunity';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
        /** Priority. */
        readonly priority?: 'low' | 'normal' | 'high' | number | null;
        /** Due. */
        readonly dueOn?: string | null;
        /** Start. */
        readonly startOn?: string | null;
        /** Percent complete. */
        readonly percentComplete?: number | null;
        /** Time spent in minutes. */
        readonly minutesSpent?: number | null;
        /** Status reason. Must belong to the state of the task. */
        readonly status?: 'not-started' | 'in-progress' | 'waiting' | 'completed' | 'canceled' | 'deferred' | number | null;
        /** Owner. */
        readonly owner?: {
          /** Table. */
          readonly table: 'user' | 'team';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        } | null;
      };
      readonly output: TaskRow;
    };
    /** Update many tasks. */
    readonly 'task.update-many': {
      readonly input: {
        /** Rows. Each with its id, as for the update of one. */
        readonly rows: readonly JsonObject[];
      };
      readonly output: {
        /** Rows written. */
        readonly written?: number | null;
        /** Rows that failed. */
        readonly failed?: readonly ({
          /** Place in the list. Counted from 0. */
          readonly index?: number | null;
          /** Code. */
          readonly code?: string | null;
          /** Message. */
          readonly message?: string | null;
        } | null)[] | null;
      } | null;
    };
    /** Add members to team. */
    readonly 'team.add-members': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Users. */
        readonly users: readonly ({
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        })[];
      };
      readonly output: null;
    };
    /** Link team. */
    readonly 'team.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count teams. */
    readonly 'team.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Type. */
        readonly type?: 'owner' | 'access' | 'entra-security-group' | 'entra-office-group' | number;
      };
      readonly output: number;
    };
    /** Unlink team. */
    readonly 'team.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get team. */
    readonly 'team.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: TeamRow;
    };
    /** List teams. */
    readonly 'team.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'name' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** Type. */
        readonly type?: 'owner' | 'access' | 'entra-security-group' | 'entra-office-group' | number;
      };
      readonly output: readonly TeamRow[];
    };
    /** Remove members from team. */
    readonly 'team.remove-members': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Users. */
        readonly users: readonly ({
          /** Table. */
          readonly table?: 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        })[];
      };
      readonly output: null;
    };
    /** Search teams. */
    readonly 'team.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly TeamRow[];
    };
    /** Link user. */
    readonly 'user.associate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Count users. */
    readonly 'user.count': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** E-mail. */
        readonly email?: string;
        /** Sign-in name. */
        readonly signInName?: string;
        /** Disabled. */
        readonly disabled?: boolean;
      };
      readonly output: number;
    };
    /** Unlink user. */
    readonly 'user.disassociate': {
      readonly input: {
        /** Id. */
        readonly id: string;
        /** Relationship. Dataverse's name of the collection, in upper and lower case as it is. */
        readonly relationship: string;
        /** Other row. */
        readonly target: {
          /** Table. */
          readonly table: 'account' | 'case' | 'contact' | 'email' | 'lead' | 'note' | 'opportunity' | 'phonecall' | 'queue' | 'task' | 'team' | 'user';
          /** Id. */
          readonly id: string;
          /** Ignored, so that a lookup that was read can be passed on as it is. */
          readonly name?: string | null;
        };
      };
      readonly output: null;
    };
    /** Get user. */
    readonly 'user.get': {
      readonly input: {
        /** Id. */
        readonly id: string;
      };
      readonly output: UserRow;
    };
    /** List users. */
    readonly 'user.list': {
      readonly input: {
        /** Search. Part of a name, number, address or subject. */
        readonly search?: string;
        /** Filter. A condition of your own in OData's words, such as statuscode eq 1. It is checked before it is sent. */
        readonly filter?: string;
        /** Created since. */
        readonly createdSince?: string;
        /** Modified since. */
        readonly modifiedSince?: string;
        /** Order by. */
        readonly orderBy?: 'fullname' | 'createdon' | 'modifiedon';
        /** Direction. */
        readonly direction?: 'asc' | 'desc';
        /** Limit. */
        readonly limit?: number;
        /** E-mail. */
        readonly email?: string;
        /** Sign-in name. */
        readonly signInName?: string;
        /** Disabled. */
        readonly disabled?: boolean;
      };
      readonly output: readonly UserRow[];
    };
    /** Search users. */
    readonly 'user.search': {
      readonly input: {
        /** Text. */
        readonly text: string;
        /** Limit. */
        readonly limit?: number;
      };
      readonly output: readonly UserRow[];
    };
  };
  readonly triggers: {
    /** Account created. */
    readonly 'account.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: AccountRow;
    };
    /** Account deleted. */
    readonly 'account.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Account updated. */
    readonly 'account.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: AccountRow;
    };
    /** Case assigned. */
    readonly 'case.assigned': {
      readonly params: { readonly [name: string]: never };
      readonly row: CaseRow;
    };
    /** Case created. */
    readonly 'case.created': {
      readonly params: {
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** Owner id. Id of a user or team. */
        readonly ownerId?: string;
      };
      readonly row: CaseRow;
    };
    /** Case deleted. */
    readonly 'case.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Case escalated. */
    readonly 'case.escalated': {
      readonly params: { readonly [name: string]: never };
      readonly row: CaseRow;
    };
    /** Case priority changed. */
    readonly 'case.priority-changed': {
      readonly params: { readonly [name: string]: never };
      readonly row: CaseRow;
    };
    /** Case reopened. */
    readonly 'case.reopened': {
      readonly params: { readonly [name: string]: never };
      readonly row: CaseRow;
    };
    /** Case resolved. */
    readonly 'case.resolved': {
      readonly params: { readonly [name: string]: never };
      readonly row: CaseResolutionRow;
    };
    /** Case missed its SLA. */
    readonly 'case.sla-missed': {
      readonly params: {
        /** KPI. Part of its name, such as first response. */
        readonly kpi?: string;
      };
      readonly row: SlaKpiRow;
    };
    /** Case nears its SLA. */
    readonly 'case.sla-nearing': {
      readonly params: {
        /** KPI. Part of its name, such as first response. */
        readonly kpi?: string;
      };
      readonly row: SlaKpiRow;
    };
    /** Case updated. */
    readonly 'case.updated': {
      readonly params: {
        /** Priority. */
        readonly priority?: 'high' | 'normal' | 'low' | number;
        /** Owner id. Id of a user or team. */
        readonly ownerId?: string;
      };
      readonly row: CaseRow;
    };
    /** Contact created. */
    readonly 'contact.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: ContactRow;
    };
    /** Contact deleted. */
    readonly 'contact.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Contact updated. */
    readonly 'contact.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: ContactRow;
    };
    /** E-mail deleted. */
    readonly 'email.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** E-mail received. */
    readonly 'email.received': {
      readonly params: {
        /** Regarding id. Id of the case, account or contact that it is about. */
        readonly regardingId?: string;
      };
      readonly row: EmailRow;
    };
    /** E-mail updated. */
    readonly 'email.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: EmailRow;
    };
    /** Lead created. */
    readonly 'lead.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: LeadRow;
    };
    /** Lead deleted. */
    readonly 'lead.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Lead qualified. */
    readonly 'lead.qualified': {
      readonly params: { readonly [name: string]: never };
      readonly row: LeadRow;
    };
    /** Lead updated. */
    readonly 'lead.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: LeadRow;
    };
    /** Note created. */
    readonly 'note.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: NoteRow;
    };
    /** Opportunity created. */
    readonly 'opportunity.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: OpportunityRow;
    };
    /** Opportunity deleted. */
    readonly 'opportunity.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Opportunity lost. */
    readonly 'opportunity.lost': {
      readonly params: { readonly [name: string]: never };
      readonly row: OpportunityCloseRow;
    };
    /** Opportunity stage changed. */
    readonly 'opportunity.stage-changed': {
      readonly params: { readonly [name: string]: never };
      readonly row: OpportunityRow;
    };
    /** Opportunity updated. */
    readonly 'opportunity.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: OpportunityRow;
    };
    /** Opportunity won. */
    readonly 'opportunity.won': {
      readonly params: { readonly [name: string]: never };
      readonly row: OpportunityCloseRow;
    };
    /** Phone call created. */
    readonly 'phonecall.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: PhonecallRow;
    };
    /** Phone call deleted. */
    readonly 'phonecall.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Phone call due. */
    readonly 'phonecall.due': {
      readonly params: {
        /** Owner id. Id of a user or team. */
        readonly ownerId?: string;
      };
      readonly row: PhonecallRow;
    };
    /** Phone call updated. */
    readonly 'phonecall.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: PhonecallRow;
    };
    /** Item added to queue. */
    readonly 'queue-item.added': {
      readonly params: {
        /** Queue. Its id or name; any queue if left out. */
        readonly queue?: string;
      };
      readonly row: QueueItemRow;
    };
    /** Task completed. */
    readonly 'task.completed': {
      readonly params: { readonly [name: string]: never };
      readonly row: TaskRow;
    };
    /** Task created. */
    readonly 'task.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: TaskRow;
    };
    /** Task deleted. */
    readonly 'task.deleted': {
      readonly params: { readonly [name: string]: never };
      readonly row: {
        /** Id. */
        readonly id: string;
      };
    };
    /** Task due. */
    readonly 'task.due': {
      readonly params: {
        /** Owner id. Id of a user or team. */
        readonly ownerId?: string;
      };
      readonly row: TaskRow;
    };
    /** Task updated. */
    readonly 'task.updated': {
      readonly params: { readonly [name: string]: never };
      readonly row: TaskRow;
    };
    /** User created. */
    readonly 'user.created': {
      readonly params: { readonly [name: string]: never };
      readonly row: UserRow;
    };
  };
}
