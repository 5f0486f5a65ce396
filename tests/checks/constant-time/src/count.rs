//! For callgrind: how many instructions does it take, wherever the proof is wrong and whichever secret is right?

use std::error::Error;

use intercom_identity::{
    Keyring, Platform, Secret, UnixTime, UserHash, UserHashMismatch,
    jwt::{JwtError, UserJwt},
    verify::{Admission, AuthRequest, Authenticator},
};

use crate::{
    proof::{KEY, Proof, naive_eq, user_id},
    valgrind::counted,
};

pub(crate) fn count_all() -> Result<(), Box<dyn Error>> {
    let secret = Secret::from_raw_key(&KEY)?;

    let hash = Proof::user_hash()?;
    for place in 0..hash.places {
        let text = hash.wrong_in(place..place + 1);
        let received: UserHash = text.parse()?;
        let verdict = counted(c"UserHash::verify, one digit wrong", || received.verify(&secret, user_id()));
        assert_eq!(verdict, Err(UserHashMismatch));
        let equal = counted(c"control, ==, one digit wrong", || naive_eq(text.as_bytes(), hash.right().as_bytes()));
        assert!(!equal);
    }

    let jwt = Proof::user_jwt()?;
    let now = UnixTime::from_seconds(0)?;
    for place in 0..jwt.places {
        let received: UserJwt = jwt.wrong_in(place..place + 1).parse()?;
        let verdict = counted(c"UserJwt::verify, one character wrong", || received.verify(&secret, now));
        assert_eq!(verdict, Err(JwtError::Signature));
    }

    let request = AuthRequest::new(Platform::Ios).identity(user_id()).user_hash(hash.right());
    for right in 0..3 {
        let mut keys: [&[u8]; 3] = [b"retired"; 3];
        keys[right] = &KEY;
        let mut keyring = Keyring::new();
        for key in keys {
            keyring = keyring.with([Platform::Ios], Secret::from_raw_key(key)?);
        }
        let authenticator = Authenticator::new(keyring);
        // The first allocation takes the allocator longer.
        drop(authenticator.authenticate(&request));
        let answer = counted(c"Authenticator::authenticate, one secret right", || authenticator.authenticate(&request));
        assert!(matches!(answer, Ok(Admission::Verified(_))));
    }
    Ok(())
}
