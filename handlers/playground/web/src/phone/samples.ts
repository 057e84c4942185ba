import type { Key } from "../texts";

// Files to send for those who have none at hand: one that is taken, one of a kind that is refused, one too large.
export const samples: { key: Key; make: () => File }[] = [
  { key: "sample.pdf", make: () => new File([pdf], "plan.pdf", { type: "application/pdf" }) },
  { key: "sample.zip", make: () => new File([new Uint8Array(2048)], "archive.zip", { type: "application/zip" }) },
  { key: "sample.large", make: () => new File([new Uint8Array(21 << 20)], "too-large.pdf", { type: "application/pdf" }) },
];

const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 46>>stream
BT /F 18 Tf 40 100 Td (Tsunagi sample plan) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`;
