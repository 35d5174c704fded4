import { mintReference, traceIdOf, referenceOfTraceId } from '@waybill/reference'
const r=mintReference(); const id=traceIdOf(r)
for(let k=0;k<4;k++){let t=performance.now();for(let i=0;i<200000;i++)traceIdOf(r);const a=performance.now()-t;t=performance.now();for(let i=0;i<200000;i++)referenceOfTraceId(id);console.log((a/200).toFixed(2),'us encode',((performance.now()-t)/200).toFixed(2),'us decode')}
