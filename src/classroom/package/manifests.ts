/**
 * The documents by which learning platforms know a package: imsmanifest.xml of SCORM 1.2 and 2004, cmi5.xml. One
 * organization, one item, one resource that lists every file.
 */
import type { Assignment } from '../format/assignment.ts';
import { escaped } from './xml.ts';

/** What a manifest says beside the assignment. */
export interface Packed {
  readonly assignment: Assignment;
  /** Names the package to the platform; letters, digits, dashes. */
  readonly id: string;
  /** Every file of the package but the manifest; the first one is opened. */
  readonly files: readonly string[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

const fileList = (files: readonly string[]): string =>
  files.map((file) => `      <file href="${escaped(file)}"/>\n`).join('');

/** SCORM 1.2 Content Aggregation Model, section 2.3. */
export function manifest12({ assignment, id, files }: Packed): string {
  const title = escaped(assignment.title);
  return `${HEAD}<manifest identifier="strata-${id}" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="strata">
    <organization identifier="strata">
      <title>${title}</title>
      <item identifier="assignment" identifierref="launch" isvisible="true">
        <title>${title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="launch" type="webcontent" adlcp:scormtype="sco" href="${escaped(files[0] ?? '')}">
${fileList(files)}    </resource>
  </resources>
</manifest>
`;
}

export type Edition2004 = '2004 3rd Edition' | '2004 4th Edition';

/** SCORM 2004 Content Aggregation Model, section 3.4. The page itself says when it is completed and passed. */
export function manifest2004({ assignment, id, files }: Packed, edition: Edition2004): string {
  const title = escaped(assignment.title);
  return `${HEAD}<manifest identifier="strata-${id}" version="1.0"
    xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
    xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
    xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd http://www.adlnet.org/xsd/adlseq_v1p3 adlseq_v1p3.xsd http://www.adlnet.org/xsd/adlnav_v1p3 adlnav_v1p3.xsd http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>${edition}</schemaversion>
  </metadata>
  <organizations default="strata">
    <organization identifier="strata">
      <title>${title}</title>
      <item identifier="assignment" identifierref="launch" isvisible="true">
        <title>${title}</title>
        <imsss:sequencing>
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="launch" type="webcontent" adlcp:scormType="sco" href="${escaped(files[0] ?? '')}">
${fileList(files)}    </resource>
  </resources>
</manifest>
`;
}

/**
 * cmi5 course structure, section 13. The assignment travels as launch parameters, because a platform appends its own
 * query to the address and what stands behind a `#` would be lost.
 * @param address the page of the site that is launched, absolute
 */
export function courseStructure(
  { assignment, id }: Omit<Packed, 'files'>,
  address: string,
  launchParameters: string,
): string {
  const language = assignment.locale ?? 'en';
  const words = (name: string, text: string, indent: string): string =>
    `${indent}<${name}>\n${indent}  <langstring lang="${language}">${escaped(text)}</langstring>\n${indent}</${name}>\n`;
  const description = assignment.instructions || assignment.title;
  return `${HEAD}<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="${escaped(address)}#course-${id}">
${words('title', assignment.title, '    ')}${words('description', description, '    ')}  </course>
  <au id="${escaped(address)}#assignment-${id}" moveOn="CompletedOrPassed" launchMethod="AnyWindow">
${words('title', assignment.title, '    ')}${words('description', description, '    ')}    <url>${escaped(address)}</url>
    <launchParameters>${escaped(launchParameters)}</launchParameters>
  </au>
</courseStructure>
`;
}
