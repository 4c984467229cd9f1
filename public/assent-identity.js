async function i(e,n){let{token:t}=await e.$k("/identities",{assertion:n});e.$j(t)}async function s(e){try{await e.send("/sign-out",{})}finally{e.$j(void 0)}}export{i as identify,s as signOut};
