function v(e,n){let t=e.purposes.filter(r=>r.is_asked),i=new Set(t.map(r=>r.key));return t.filter(r=>r.is_ai_training===(n==="ai_training")&&!(r.parent&&i.has(r.parent)))}function b(e,n){return e.purposes.filter(t=>t.is_asked&&t.key.startsWith(`${n}.`))}function V(e,n){let t=e.purposes.find(i=>i.is_asked&&n.startsWith(`${i.key}.`));return t===void 0?[]:[t,...b(e,t.key)].filter(i=>i.key!==n&&!i.key.startsWith(`${n}.`))}function a(e,n={},...t){let i=document.createElement(e);for(let[r,o]of Object.entries(n))typeof o=="function"?i.addEventListener(r.slice(2),o):o===!0?i.setAttribute(r,""):o!==!1&&o!==void 0&&i.setAttribute(r,o);return i.append(...t.filter(r=>r!=null)),i}function h(e,n){return e.replace(/\{(\w+)\}/g,(t,i)=>n[i]??t)}var S=({experience:e},n)=>e.purposes.filter(({key:t})=>n.includes(t)).map(({name:t})=>t).join(", ");function O(e,n,t){let i=e.isPlain?void 0:"answer";return a("button",{type:"button",class:"answer",part:i,onclick:t},n)}function E(e,n){return a("div",{class:"pair"},e,n)}function z(e,n,t){let{experience:i}=e,{words:r}=i,o=e.stateOf(n.key),l=`q-${n.key}`,d=V(i,n.key),p=d.some(({key:m})=>e.stateOf(m)==="refused"),_=m=>a("button",{type:"button",class:"pick",part:e.isPlain?void 0:"pick","aria-pressed":String(o===(m?"granted":"refused")),onclick:()=>e.act.answer(n.key,m)},m?r.yes:r.no);return a("div",{class:"apart",role:"group","aria-labelledby":l,"data-purpose":n.key},a("h3",{id:l},h(r.askTraining,{name:n.name})),E(_(!1),_(!0)),p?x(h(r.withParent,{names:d.map(({name:m})=>m).join(", ")})):null,n.is_ai_training&&!n.parent?x(r.apart):null,...t?.(e,n)??[])}function $(e,n){return v(e.experience,"ai_training").map(t=>z(e,t,n))}function P({experience:e}){let{gpc:n,words:t}=e;if(!n.seen)return null;let i=S({experience:e},n.honoured_for);return a("p",{class:"small note"},t.gpcHonoured,i?` ${h(t.gpcFor,{names:i})}`:"")}var T=e=>a("p",{class:"soft"},e),x=e=>a("p",{class:"small wide"},e);function g(e,n){return a("button",{type:"button",class:"plain",onclick:n},e)}function C(e,n,...t){return a("div",{class:"words",tabindex:"0",role:"group","aria-labelledby":"t"},a("p",{class:"small by"},e.experience.controller),a("h2",{id:"t",tabindex:"-1"},n),...t)}function H({act:e,experience:{form:n,words:t},mayWithdraw:i}){return i?g(n==="opt_out"?t.optOut:t.withdrawAll,e.withdrawAll):null}function w({experience:e},n){let{words:t,notice:i}=e,r=a("dl"),o=(l,d)=>{d&&r.append(a("dt",{},l),a("dd",{},d))};return o(t.data,n.categories.join(", ")),o(t.recipients,n.recipients.join(", ")||t.nobody),o(t.retention,n.retention),n.is_asked&&o(t.howToWithdraw,i.withdrawal),a("details",{class:"wide"},a("summary",{},t.details),r)}function M(e,n){let t=b(e.experience,n.key);return[x(n.description),...t.length>0?[a("div",{class:"wide sub"},a("p",{class:"small"},`${e.experience.words.covers}:`),...t.map(({name:i,description:r})=>a("p",{class:"small"},a("b",{},i),` ${r}`)))]:[],w(e,n)]}function L({experience:{notice:e,words:n}}){let t=[...e.body,e.withdrawal,e.rights];return a("details",{class:"wide whole"},a("summary",{},n.whole),a("b",{},e.title),...t.map(x))}function N(e){let{experience:n,drafts:t,act:i}=e,{words:r}=n,o=n.purposes.filter(s=>s.is_asked&&!s.is_ai_training),l=new Map,d=s=>e.allows(s)||t.has(s),p=()=>{for(let[s,f]of l)f.setAttribute("aria-checked",String(d(s)))};function _(s,f){let y=V(n,s),k=[s,...b(n,s).map(c=>c.key),...y.map(c=>c.key)];if(f.textContent="",e.allows(s))i.answer(s,!1);else if(t.has(s))for(let c of k)t.delete(c);else{let c=y.filter(u=>!d(u.key));c.length>0&&(f.textContent=h(r.withParent,{names:c.map(({name:u})=>u).join(", ")}));for(let u of k)t.add(u)}p()}function m(s){let{key:f}=s,y=`p-${f}`,k=a("p",{class:"hint wide",role:"status"}),c=a("button",{type:"button",class:"switch",role:"switch","aria-labelledby":y,"data-purpose":f,onclick:()=>_(f,k)},a("i"));l.set(f,c);let u=o.filter(({parent:J})=>J===f);return a("li",{class:"item"},a("h3",{id:y},s.name),c,a("p",{class:"small wide"},s.description),k,w(e,s),u.length>0?a("ul",{class:"sub wide"},...u.map(m)):null)}let G=n.purposes.filter(s=>!s.is_asked&&s.rule==="notice_only").map(s=>a("li",{class:"item"},a("h3",{},s.name),a("span",{class:"tag"},r.alwaysOn),a("p",{class:"small wide"},s.necessity??s.description),w(e,s))),I=a("ul",{},...v(n,"other").map(m),...G);return p(),I}function A({act:e,allows:n,drafts:t,experience:i,stateOf:r}){e.record(v(i,"other").flatMap(({key:o})=>{let d=[o,...b(i,o).map(p=>p.key)].filter(p=>t.has(p));return d.length>0?d.map(p=>({purpose:p,act:"grant"})):r(o)==="never_asked"&&!n(o)?[{purpose:o,act:"deny"}]:[]}))}function R(e){let{act:n,experience:t}=e,{notice:i,form:r}=t,o=r==="opt_out",l=g(e.isAlone?t.words.close:t.words.back,n.back),d=t.purposes.some(p=>p.is_asked&&!p.is_ai_training);return[C(e,o?t.words.optOutTitle:i.title,o?T(t.words.optOutText):null,P(e),N(e),...$(e,M),L(e),x(`${t.controller}, ${i.contact}`)),a("div",{class:"foot"},d?E(l,g(t.words.save,()=>A(e))):l,e.mayWithdraw?a("div",{class:"row"},H(e)):null)]}function q(e){let{act:n,experience:t}=e,{notice:i}=t;return[C(e,i.title,T(t.words.noticeOnlyText),P(e),...i.body.map(T)),a("div",{class:"foot"},E(g(t.words.details,n.choose),g(t.words.close,n.close)))]}function j(e){let{act:n,conflicts:t,experience:i}=e,r=o=>n.record(t.map(l=>({purpose:l,act:o})),o==="grant");return[C(e,i.words.choices,T(h(i.words.gpcConflict,{names:S(e,t)})),...i.purposes.filter(({key:o})=>t.includes(o)).map(o=>a("div",{},a("h3",{},o.name),x(o.description),w(e,o)))),a("div",{class:"foot"},E(O(e,i.words.gpcKeepNo,()=>r("withdraw")),O(e,i.words.gpcAllow,()=>r("grant"))))]}var B=`
summary,dl{font-size:13px}
dt,.hint{font-weight:600;color:var(--i);font-size:13px}
.item{display:grid;grid-template-columns:1fr auto;gap:3px 14px;align-items:center;padding:13px 0;border-top:1px solid var(--l)}
.sub{padding-inline-start:14px;border-inline-start:2px solid var(--l);margin-top:8px}
.sub>:first-child{border:0}
.sub b{display:block;margin-top:4px}
.whole p,.whole b{display:block;margin-top:6px;font-size:13px}
.hint:empty{display:none}
summary{cursor:pointer;color:var(--f);width:max-content;padding:4px 0}
dl{display:grid;grid-template-columns:minmax(0,7.5em) 1fr;gap:3px 14px;color:var(--f)}
.switch{min-height:0;width:46px;height:26px;padding:3px;border-color:var(--e);border-radius:99px;display:flex;align-self:start}
.switch i{width:18px;height:18px;border-radius:50%;background:var(--e)}
.switch[aria-checked=true]{background:var(--a);border-color:var(--a);justify-content:end}
.switch[aria-checked=true] i{background:var(--s)}
@media (forced-colors:active){.switch i{background:ButtonText}}
`;var F=`
:host{all:initial!important;display:block!important}
.root{--s:#fff;--k:#f5f5f2;--l:#e3e3de;--e:#7e8288;--i:#16181d;--f:#4b505a;--b:#1c1f26;--o:#fff;--a:#1b5f4b;color-scheme:light dark;font:15px/1.45 system-ui,sans-serif;color:var(--i)}
@media (prefers-color-scheme:dark){.root{--s:#181b1f;--k:#21262b;--l:#31373d;--e:#838b94;--i:#eceef0;--f:#b6bcc3;--b:#e9ebee;--o:#14171b;--a:#82d2b3}}
*{box-sizing:border-box;margin:0;padding:0}
[hidden]{display:none!important}
h2{font-size:17px;line-height:1.3}
h3{font-size:15px}
ul{list-style:none}
.panel,.control,.said{position:fixed;z-index:2147483000;inset-inline-start:16px;bottom:16px;background:var(--s);border-radius:16px;box-shadow:0 16px 48px rgb(0 0 0/.22),0 0 0 1px var(--l);overflow-wrap:break-word}
.panel{width:min(452px,100vw - 32px);max-height:min(640px,100dvh - 32px);display:flex;flex-direction:column;overflow:hidden}
.words{overflow-y:auto;padding:20px 22px 16px;display:grid;gap:10px;align-content:start;min-height:56px;flex:1 1 auto}
.soft,.small,.tag{color:var(--f);font-size:14px}
.small,.tag{font-size:13px}
.by{margin-bottom:-8px}
.names{display:grid;gap:8px;padding-inline-start:14px;border-inline-start:2px solid var(--l)}
.names b{display:block;color:var(--i)}
b{color:var(--i)}
.note,.apart{background:var(--k);border:1px solid var(--l);border-radius:12px;padding:8px 12px}
.foot{border-top:1px solid var(--l);padding:14px 22px 16px;display:grid;gap:10px;flex:none}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}
.row{display:flex;flex-wrap:wrap;gap:8px}
.row>*{flex:1}
button{font:inherit;color:inherit;background:none;border:1px solid transparent;cursor:pointer;border-radius:9px;min-height:42px;padding:8px 14px}
h2,h3,b,button{font-weight:600}
:focus-visible{outline:2px solid var(--i)!important;outline-offset:2px!important}
.words:focus-visible{outline-offset:-3px!important}
h2:focus{outline:0!important}
.answer,.pick[aria-pressed=true]{background:var(--b);color:var(--o);border-color:var(--b)}
.pick{border-color:var(--e);background:var(--s);color:var(--i);min-width:60px}
.answer,.pick{min-height:42px!important;font-size:15px!important;opacity:1!important;visibility:visible!important;position:static!important;transform:none!important;filter:none!important;background-image:none!important;animation:none!important;transition:none!important}
.answer::before,.answer::after,.pick::before,.pick::after{content:none!important}
.answer:hover,.pick:hover{box-shadow:0 0 0 3px color-mix(in srgb,var(--b) 26%,transparent)!important}
.plain{min-height:38px;font-size:14px;text-decoration:underline;text-decoration-color:var(--e);text-underline-offset:3px}
.plain:hover,.control button:hover{background:var(--k)}
.pair>.plain,.said .plain{border-color:var(--e);text-decoration:none}
.apart{display:flex;flex-wrap:wrap;gap:3px 14px;align-items:center}
.apart h3{flex:99 1 96px}
.apart .pair{flex:1 0 auto}
.wide{grid-column:1/-1;flex:1 0 100%}
.control{display:flex;flex-wrap:wrap;max-width:min(420px,100vw - 32px);border-radius:21px;padding:3px}
.control button{min-height:36px;border-radius:99px;font-size:13px;padding:6px 14px;text-align:start}
.control p{padding:7px 14px 3px;flex-basis:100%}
.said{bottom:72px;width:min(400px,100vw - 32px);padding:16px 18px;display:grid;gap:8px}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bar{inset-inline:0;bottom:0;width:auto;border-radius:0;max-height:50dvh}
.dialog{inset-inline:0;margin:auto;top:0;width:min(540px,100vw - 32px);height:max-content}
@media (min-width:820px){.bar{display:grid;grid-template-rows:minmax(0,1fr);grid-template-columns:1fr 400px;max-height:min(340px,50dvh)}.bar .foot{border:0;border-inline-start:1px solid var(--l);align-content:center;overflow-y:auto}.bar>*{padding-inline:28px}}
@media (max-width:480px){.panel,.control,.said{inset-inline:8px;bottom:8px;width:auto}.panel{top:auto;max-height:calc(100dvh - 16px)}.first,.notice,.conflict{max-height:clamp(330px,50dvh - 8px,100dvh - 16px)}.bar{inset-inline:0;bottom:0}.words{padding:14px 16px 12px}.foot{padding:10px 16px 12px}.words,.foot{gap:8px}.control{inset-inline-end:auto;max-width:calc(100vw - 16px)}.said{bottom:60px}.first .plain{min-height:30px;padding:2px}}
@media (max-width:480px) and (max-height:600px){.first{max-height:370px}}
@media (max-height:480px){.panel{max-height:calc(100dvh - 16px)}.foot{gap:8px;padding-block:10px}}
@media (forced-colors:active){.panel,.control,.said{border:1px solid}.pick[aria-pressed=true]{outline:2px solid!important}}
@media print{.root{display:none}}
`;var Q=/^(box-shadow|outline|width|height|(inline|block)-size|.*-origin)/;function W(e,n){let[t,i]=[getComputedStyle(e),getComputedStyle(n)],r=[...t].filter(p=>!Q.test(p)&&t.getPropertyValue(p)!==i.getPropertyValue(p)),[o,l]=[e.getBoundingClientRect(),n.getBoundingClientRect()];return(o.left<l.right&&l.left<o.right&&o.top<l.bottom&&l.top<o.bottom||Math.abs(o.width-l.width)+Math.abs(o.height-l.height)>1)&&r.push("place"),r}var U=e=>/^#[\da-f]{6}$/i.test(e);function K({surface:e,text:n,button:t,buttonText:i}){return[e,n,t,i].every(U)?`.root{--s:${e};--k:${e};--i:${n};--f:${n};--e:${n};--l:color-mix(in srgb,${n} 22%,${e});--b:${t};--o:${i};--a:${t}}`:""}function D(e){return e===null?"":`${K(e.light)}@media (prefers-color-scheme:dark){${K(e.dark)}}`}var X=".root{display:grid;gap:14px}";function Ne(e){if(customElements.get("assent-ask"))return;e.add({second:R,notice:q,conflict:j},B);class n extends HTMLElement{#e=a("div",{class:"root"});#i=new CSSStyleSheet;#o=()=>this.#n();#t=!1;constructor(){super(),this.attachShadow({mode:"open"}).append(this.#e)}connectedCallback(){addEventListener("assent:change",this.#o),this.#n()}disconnectedCallback(){removeEventListener("assent:change",this.#o)}attributeChangedCallback(){this.isConnected&&this.#n()}#n(){let i=e.view();if(!i)return;let r=()=>[...this.#e.querySelectorAll("button,summary")],o=r().indexOf(this.shadowRoot?.activeElement),{experience:l}=i;this.shadowRoot.adoptedStyleSheets=[this.#i],this.#i.replaceSync(F+B+(this.#t?"":D(l.theme))+X),this.#e.lang=l.locale,this.#e.dir=l.direction;let d=this.content({...i,isPlain:this.#t});this.#e.replaceChildren(...d.filter(p=>p!==null)),o>=0&&r()[o]?.focus({preventScroll:!0}),!this.#t&&this.#r().length>0&&(this.#t=!0,this.dataset.plain="",dispatchEvent(new CustomEvent("assent:fallback",{detail:{properties:this.#r()}})),this.#n())}#r(){return[...this.#e.querySelectorAll(".pair")].flatMap(({children:[i,r]})=>!i||!r||[i,r].some(o=>o.ariaPressed==="true")?[]:W(i,r))}}customElements.define("assent-ask",class extends n{static observedAttributes=["purpose"];content(t){let i=this.getAttribute("purpose"),r=t.experience.purposes.find(o=>o.key===i&&o.is_asked);return r?[z(t,r,(...o)=>[...M(...o),L(t)])]:[]}}),customElements.define("assent-preferences",class extends n{content(t){let{experience:i}=t,r=i.purposes.some(o=>o.is_asked&&!o.is_ai_training);return[P(t),N(t),...$(t,M),L(t),x(`${i.controller}, ${i.notice.contact}`),a("div",{class:"row"},H(t),r?g(i.words.save,()=>A(t)):null)]}})}export{Ne as define};
